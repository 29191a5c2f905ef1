//! What a panic does to the screen.

use std::panic::PanicHookInfo;

use super::Terminal;

impl Terminal {
    /// Wraps the present panic hook. Call it on the thread that draws, after `color_eyre::install()`.
    ///
    /// A panic of this thread ends the program: the screen is restored, then the report printed. A
    /// panic of another thread or task only goes to the log: restoring for it would garble a screen
    /// that is still being drawn, and whoever waits for that task learns of it.
    pub fn install_panic_hook(&self) {
        let terminal = self.clone();
        let drawing = std::thread::current().id();
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if terminal.is_gone() {
                // Printing to a dead terminal would panic inside the hook, which aborts.
                terminal.restore();
                log(panic);
            } else if std::thread::current().id() == drawing || !terminal.is_entered() {
                terminal.restore();
                report(panic);
            } else {
                log(panic);
            }
        }));
    }
}

fn log(panic: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("unnamed");
    let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
    let text = panic.payload_as_str().unwrap_or("no message");
    tracing::error!("internal error in thread `{name}`{place}: {text}");
}
