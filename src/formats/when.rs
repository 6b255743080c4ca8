//! stub
use crate::model::Moment;
#[derive(Debug, Default)]
/// c
pub struct Clock {}
/// s
pub struct Stamp { /// m
pub moment: Moment, /// e
pub end: usize }
impl Clock {
/// n
pub fn new() -> Self { Self {} }
/// d
pub fn date_line(&mut self, _l: &str) -> Option<Moment> { None }
/// s
pub fn stamp(&mut self, _l: &str) -> Option<Stamp> { None }
/// h
pub fn has_calendar(&self) -> bool { true }
/// t
pub fn take_notices(&mut self) -> Vec<String> { vec![] }
}
