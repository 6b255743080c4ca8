//! stub
use super::*;
/// stub
#[derive(Debug)]
pub struct RssReport;
impl InputFormat for RssReport {
    fn name(&self) -> &'static str { "rss-report" }
    fn looks_for(&self) -> &'static str { "x" }
    fn recognise(&self, _text: &str) -> Recognition { Recognition::No }
    fn parse(&self, _text: &str) -> Parsed { Parsed::default() }
}
