//! What is drawn where the locale's charset is not UTF-8.

use super::centre::Centre;
use super::terminal::Terminal;

fn live(terminal: &Terminal) -> String {
    terminal.wait_for("dialer live");
    String::from_utf8_lossy(&terminal.bytes()).into_owned()
}

#[test]
fn where_the_charset_is_not_utf8_nothing_but_ascii_is_drawn() {
    let centre = Centre::usual();
    let rename = |text: String| text.replacen("name = \"", "name = \"Đặng – ", 1);
    centre.edit_config(rename);
    for (locale, args) in
        [("C", vec![]), ("de_DE.ISO-8859-1", vec![]), ("C.UTF-8", vec!["--ascii"])]
    {
        let mut terminal = Terminal::in_locale(&centre, &args, locale);
        let bytes = live(&terminal);
        assert!(bytes.is_ascii() && bytes.contains("Dang - "), "{locale} {args:?}: {bytes}");
        terminal.keys("?");
        terminal.wait_for("Keys in the lists");
        terminal.keys("q");
        assert!(terminal.wait_for_end().success());
        assert!(terminal.bytes().is_ascii(), "{locale} {args:?}");
    }
    for (locale, args) in [("C", vec!["--utf8"]), ("en_US.utf8", vec![])] {
        let bytes = live(&Terminal::in_locale(&centre, &args, locale));
        assert!(bytes.contains('│') && bytes.contains("Đặng – "), "{locale} {args:?}: {bytes}");
    }
}
