//! Bodies that misbehave: too much, or cut off.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::Frame;

/// More than any client should take.
const FLOOD: usize = 48 << 20;
const CHUNK: usize = 64 << 10;

/// A JSON document that opens and then is blank for 48 MiB, without a length in its header.
struct Flood {
    sent: usize,
}

impl HttpBody for Flood {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static BLANK: [u8; CHUNK] = [b' '; CHUNK];
        let chunk = match self.sent {
            0 => Bytes::from_static(b"{\"agents\":["),
            sent if sent < FLOOD => Bytes::from_static(&BLANK),
            _ => return Poll::Ready(None),
        };
        self.sent += chunk.len();
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

/// A body that breaks the connection after its first half.
struct CutOff {
    half: Option<Bytes>,
    flushed: bool,
}

impl HttpBody for CutOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        // The first half is written out only when there is nothing more to take at the moment.
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
    }
}

/// The flood.
pub fn flood() -> Body {
    Body::new(Flood { sent: 0 })
}

/// The first half of `bytes`, then nothing but a broken connection.
pub fn cut_off(mut bytes: Vec<u8>) -> Body {
    bytes.truncate(bytes.len() / 2);
    Body::new(CutOff { half: Some(bytes.into()), flushed: false })
}
