mod meaning;
mod reading;
mod windows;
