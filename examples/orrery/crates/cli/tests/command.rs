//! The command as its users see it.

use std::process::{Command, Output};

fn orrery(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_orrery"))
        .args(arguments)
        .output()
        .expect("the command runs")
}

fn text(arguments: &[&str]) -> String {
    let output = orrery(arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn shows_every_planet_but_our_own() {
    let shown = text(&["tonight", "--on", "2024-06-01"]);
    assert!(
        shown.contains("Saturn") && !shown.contains("Earth"),
        "{shown}"
    );
}

#[test]
fn shows_an_orbit() {
    let shown = text(&["orbit", "mars"]);
    assert!(
        shown.starts_with("Mars, once around in 687.0 days"),
        "{shown}"
    );
    assert!(shown.contains("meets the Earth every 2.1 years"), "{shown}");
}

#[test]
fn writes_phases_as_csv() {
    let shown = text(&["phases", "--csv", "--days", "30"]);
    assert!(shown.starts_with("when,body,what\n"), "{shown}");
    assert!(shown.contains(",Moon,Moon is full\n"), "{shown}");
}

#[test]
fn finds_meetings() {
    let shown = text(&["meetings", "Venus", "Mars", "--days", "90"]);
    assert!(shown.contains("2024-02-2"), "{shown}");
}

#[test]
fn says_what_is_wrong() {
    assert_eq!(orrery(&["dance"]).status.code(), Some(2));
    let unknown = orrery(&["orbit", "Vulcan"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no Vulcan"));
}
