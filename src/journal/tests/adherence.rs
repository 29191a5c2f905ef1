//! What a telephony system says of adherence: its last word in each of its windows comes back.

use super::history::{at, hour, jane, kept};
use super::*;
use crate::model::{AdherencePct, VendorAdherence};

#[tokio::test]
async fn the_last_word_of_adherence_is_kept_beside_the_first_sums_of_a_window() {
    let (_dir, path) = place();
    let said = |since: i64, as_of: i64, adherence| VendorAdherence {
        since: at(since),
        as_of: at(as_of),
        adherence,
    };
    let entry = |said: &VendorAdherence| Entry::Adherence { agent: jane(), said: said.clone() };
    let day = 86_400;
    let yesterday = said(-day, -60, AdherencePct::Bypass);
    let (first, last) =
        (said(0, 10, AdherencePct::NoSchedule), said(1, 25, AdherencePct::Percent(92.0)));
    let late = said(2, 20, AdherencePct::Percent(91.0));
    let journal =
        kept(&path, [&yesterday, &first, &last, &late].into_iter().map(entry).collect()).await;
    let asked = async |from, until| {
        let archive = journal.handle().archive(at(from), at(until)).await.unwrap();
        archive.adherence.into_iter().map(|(_, said)| said).collect::<Vec<_>>()
    };
    let found = asked(0, 3_600).await;
    assert_eq!(found.last(), Some(&last), "another program's older reading does not go before");
    assert!(!found.contains(&first), "{found:?}");
    assert_eq!(asked(20 * 3_600, 26 * 3_600).await.last(), Some(&last), "on the same day");
    assert_eq!(asked(29 * 3_600, 30 * 3_600).await, [], "of a day before");
}

#[tokio::test]
async fn a_file_of_the_fourth_version_learns_to_keep_adherence() {
    let (_dir, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let old = rusqlite::Connection::open(&path).unwrap();
    for migration in &schema::MIGRATIONS[..4] {
        old.execute_batch(migration).unwrap();
    }
    old.pragma_update(None, "user_version", 4).unwrap();
    drop(old);
    let said =
        VendorAdherence { since: at(0), as_of: at(10), adherence: AdherencePct::Percent(92.0) };
    let entry = Entry::Adherence { agent: jane(), said: said.clone() };
    let journal = kept(&path, vec![entry]).await;
    assert_eq!(hour(&journal).await.adherence, [(jane(), said)]);
}

#[tokio::test]
async fn a_word_that_is_read_again_has_been_said_since_it_was_first_read() {
    let (_dir, path) = place();
    let percent = AdherencePct::Percent(92.0);
    let said = |since, as_of| VendorAdherence {
        since: at(since),
        as_of: at(as_of),
        adherence: percent.clone(),
    };
    let entry = |said| Entry::Adherence { agent: jane(), said };
    let journal = kept(&path, vec![entry(said(0, 10)), entry(said(1, 600))]).await;
    assert_eq!(hour(&journal).await.adherence, [(jane(), said(0, 10))]);
    // Once the server's clock is known the window begins elsewhere.
    journal.handle().keep(vec![entry(said(90, 700))]).await.unwrap();
    assert_eq!(hour(&journal).await.adherence, [(jane(), said(90, 700))]);
}
