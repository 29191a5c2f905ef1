mod growth;
mod meaning;
mod reading;
