//! A vendor that says what a test wants, whatever it is asked for, instead of a simulated one.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use super::centre::Centre;

/// Status and body of an answer to a request for a path.
type Says = Box<dyn Fn(&str) -> (u16, Vec<u8>) + Send>;

pub struct Vendor {
    url: String,
    says: Arc<Mutex<Says>>,
}

impl Vendor {
    pub fn start(says: impl Fn(&str) -> (u16, Vec<u8>) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let says: Arc<Mutex<Says>> = Arc::new(Mutex::new(Box::new(says)));
        let shared = Arc::clone(&says);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let says = Arc::clone(&shared);
                // Whoever hangs up early has ended the test, or has heard enough.
                std::thread::spawn(move || stream.and_then(|stream| answer(stream, &says)));
            }
        });
        Self { url, says }
    }

    /// From now on it says this.
    pub fn say(&self, says: impl Fn(&str) -> (u16, Vec<u8>) + Send + 'static) {
        *self.says.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(says);
    }

    /// A centre of which only the dialer is read, and that is this vendor, opened with `token`.
    pub fn as_dialer(&self, token: &str) -> Centre {
        let centre = Centre::usual();
        let quoted = toml::Value::String(token.to_owned());
        centre.edit_config(|_| {
            format!(
                "[floor]\nname = \"f\"\ntimezone = \"America/New_York\"\n\n[[source]]\nname = \"dialer\"\n\
                 kind = \"convoso\"\nurl = \"{}/v1\"\nauth_token = {quoted}\npoll = \"2s\"\n\
                 timezone = \"America/Los_Angeles\"\nhistory_poll = \"off\"\n",
                self.url
            )
        });
        centre
    }
}

fn answer(mut stream: TcpStream, says: &Mutex<Says>) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let head = loop {
        let read = stream.read(&mut buffer)?;
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        match text.split_once("\r\n\r\n") {
            Some((head, body)) => {
                let length = head.split("content-length: ").nth(1);
                let length = length.and_then(|rest| rest.lines().next()?.parse().ok()).unwrap_or(0);
                if body.len() >= length {
                    break head.to_owned();
                }
            }
            None if read == 0 => return Ok(()),
            None => {}
        }
    };
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (status, body) = says.lock().unwrap_or_else(PoisonError::into_inner)(path);
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} .\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}
