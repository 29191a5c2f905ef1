//! Names that attack a terminal, a table or a spreadsheet.

/// How many different ones there are.
pub const COUNT: usize = 16;

/// The evil name for `index`; each keeps a readable part, so that a test can find its row.
#[must_use]
pub fn name(index: usize) -> String {
    let tail = format!("Evil{index}");
    match index % COUNT {
        0 => format!("\u{1b}]0;owned\u{7}{tail}"),
        1 => format!("\u{1b}[2J\u{1b}[31m{tail}"),
        2 => format!("\u{202e}{tail}\u{202d}"),
        3 => format!("Zero\u{200b}\u{200d}\u{2060}Width\u{feff} {tail}"),
        4 => format!("👨‍👩‍👧‍👦🏳️‍🌈 {tail}"),
        5 => format!("e{} {tail}", "\u{301}\u{336}".repeat(200)),
        6 => format!("{} {tail}", "王".repeat(60)),
        7 => format!("{tail} {}", "A".repeat(10_240)),
        8 => format!("\u{9b}31m\u{90}q{tail}\u{9c}"),
        9 => format!("line\r\nbreak\ttab\u{b} {tail}"),
        10 => format!("\u{2066}iso\u{2069}\u{200f} {tail}"),
        11 => format!("nul\u{0}bell\u{7}back\u{8}\u{7f} {tail}"),
        12 => format!("=HYPERLINK(\"http://x\") {tail}"),
        13 => format!("\u{1b}]8;;http://x\u{1b}\\{tail}\u{1b}]8;;\u{1b}\\"),
        14 => format!("\u{1b}P+q544e\u{1b}\\\u{1b}[6n{tail}"),
        _ => format!("ノーマル ไทย हिन्दी {tail}"),
    }
}
