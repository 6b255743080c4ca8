//! The commands of README.md and of tests/commands/ print the output shown there.

#[test]
fn every_shown_command_gives_what_is_shown() {
    trycmd::TestCases::new().case("README.md").case("tests/commands/*.md");
}
