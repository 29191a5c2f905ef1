mod meaning;
mod past;
mod reading;
mod records;
mod windows;
mod work;
