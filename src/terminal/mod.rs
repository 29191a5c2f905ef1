//! The terminal: raw mode, alternate screen, what it can show, and leaving it as it was found
//! whatever ends the program.
//!
//! Three things may hang for ever on a terminal, so each has a thread of its own and nothing else
//! ever waits for them:
//!
//! - `output` ([`Frames`]) owns what is written and takes the newest finished frame: a terminal that
//!   stops reading delays nothing and queues nothing;
//! - `input` ([`Input`]) reads keys, and looks for a hang-up before it reads;
//! - `watchdog` ([`signals()`]) ends the process within a second of a stop signal, even when the rest
//!   does not.
//!
//! What ends the process without a word is looked after by another one, the warden.
//!
//! Order at the start: `color_eyre::install()`, [`Terminal::enter`], [`Terminal::install_panic_hook`]
//! on the thread that draws (ours must wrap color-eyre's, or its report lands in the alternate
//! screen), [`Frames::start`], [`Input::start`], [`signals()`].

mod charset;
mod colour;
mod decoder;
mod disputed;
mod frames;
mod input;
mod painter;
mod panic;
mod screen;
mod signals;
mod warden;

pub use charset::is_utf8;
pub use colour::{ColourChoice, colours};
pub use frames::{Canvas, Frames, Generation, Written};
pub use input::{Input, InputEvent};
pub use painter::{Frame, Painter};
pub use screen::{Terminal, TerminalError};
pub use signals::{Signal, StopSignal, signals};
