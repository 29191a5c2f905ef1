mod growth;
mod laid_out;
mod meaning;
mod reading;
mod steps;
