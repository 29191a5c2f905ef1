//! floorwatch: a contact-centre supervisor's terminal.
//!
//! Data flows one way:
//!
//! ```text
//! vendor APIs ──http──▶ source/* ── Reading (our words) ──▶ model::Floor ──▶ rules ──▶ view (words + Tone) ──▶ ui (cells)
//!                        one task each, own cadence            │  one owner                                 drawn once per batch
//!                                                              └──▶ journal (SQLite: what happened, what was done, by whom, why; back at the next start)
//! keys ──▶ keymap ──▶ Action ──▶ app::update(Message, now) -> Vec<Effect> ──▶ run carries them out ──▶ command/* ──http──▶ vendor
//!                                                                               └── outcome comes back as a Message
//! ```
//!
//! Nothing flows back up. The screen never awaits I/O; network tasks never touch state.
//!
//! `tests/architecture.rs` reads this table and fails when a module names one it may not:
//!
//! | module | one purpose | may name |
//! |---|---|---|
//! | `clock` | the one reader of the clocks: the machine's, the one a run goes by, a source's offset | – |
//! | `spreadsheet` | cells of a CSV that no spreadsheet runs, and what stood in them | – |
//! | `model` | the floor in our words: person, activity, queue, alert, schedule, reading, timeline, `Floor::apply` | – |
//! | `http` | one client: time limits, body limits, redaction, harmless texts, errors, Retry-After, Date header | clock |
//! | `vendor` | what reading and commanding a vendor share: how a request is encoded and authenticated, envelopes, error bodies | http, clock |
//! | `theme` | `Tone` (a meaning) to style; `themes/*.toml` embedded or from a path; colour-depth fall-back | – |
//! | `terminal` | raw mode, alternate screen, capabilities, restore after panic and signal | – |
//! | `rules` | pure: kpi, work time, threshold, adherence, drop rate, conflict; `now` is an argument; every finding explains itself | model |
//! | `source` | the read side: one folder per vendor, wire types and `from_wire`; `poller` gives each its task, cadence, back-off | model, vendor, http, clock |
//! | `command` | the write side, the only code that changes anything outside: logout, alerts; no way to the wire but through the journal | model, vendor, http, clock, journal |
//! | `journal` | SQLite: the history of states, queues, alerts and schedules; the audit of actions | model, clock |
//! | `action` | everything a key can ask for | – |
//! | `keymap` | `keymap.toml` embedded: key, action, description; conflicts are errors | action |
//! | `app` | `App`, `Message`, `Effect`, `update`: selection, filter, prompt; no ratatui, no tokio | model, rules, action, command |
//! | `view` | one struct per screen, text formatted, `Tone` instead of colour, only the visible rows | app, model, rules, action, keymap, theme |
//! | `ui` | draw(view, theme, area); no sorting, no clock, no config | view, theme |
//! | `export` | headless outputs: the snapshot and the report as JSON, CSV, table | model, rules, spreadsheet |
//! | `args` | the command line | – |
//! | `config` | file and arguments straight into the types the modules use; every problem at once | args, model, rules, source, vendor, http, command, app, theme, spreadsheet |
//! | `simulator` | the simulated contact centre: an HTTP server in the vendors' documented shapes over a seeded world | clock |
//! | `headless` | the commands without a screen: snapshot, report, check, roster, logout, simulate | args, config, source, command, journal, simulator, export, model, rules, clock, vendor, http, spreadsheet |
//! | `run` | the async loop: input, messages, tick; carries out effects | everything |

pub mod action;
pub mod app;
pub mod args;
pub mod clock;
pub mod command;
pub mod config;
pub mod export;
pub mod headless;
pub mod http;
pub mod journal;
pub mod keymap;
pub mod model;
pub mod rules;
pub mod run;
pub mod simulator;
pub mod source;
pub mod spreadsheet;
pub mod terminal;
pub mod theme;
pub mod ui;
pub mod vendor;
pub mod view;
