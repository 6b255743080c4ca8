//! Prometheus: answers of its API, what `promtool` prints, and scrapes of `/metrics` in a loop.

mod json;
mod labels;
pub mod text;

use super::contract::{Detect, Format, Parser};

/// Answers of the API: `query_range` and `query`.
pub static JSON_FORMAT: Format = Format {
    name: "prometheus-json",
    reads: "answers of Prometheus to a query ({\"data\":{\"resultType\":\"matrix\",…)",
    example: "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\
              \"process_resident_memory_bytes\",\"job\":\"app\"},\"values\":[[1795689754,\"24850432\"]]}]}}\n",
    detect: Detect::Json(json::is_answer),
    parser: |_| Parser::Document(Box::new(json::AnswerFile)),
};

/// Answers of the API between other lines.
pub static JSON_LINES: Format = Format {
    name: "prometheus-json-lines",
    reads: "answers of Prometheus to a query, with other lines between",
    example: "2026-03-14 20:00:00\n{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":\
              {\"__name__\":\"process_resident_memory_bytes\",\"job\":\"app\"},\"value\":[1795689754,\"24850432\"]}]}}\n",
    detect: Detect::Objects(&["\"resultType\""]),
    parser: |_| Parser::Lines(Box::new(json::AnswerLines::default())),
};

/// Scrapes and `promtool`.
pub static FORMAT: Format = Format {
    name: "prometheus",
    reads: "metrics of Prometheus as text (\"process_resident_memory_bytes 1.2e+07\"), promtool",
    example: "process_resident_memory_bytes 2.4731648e+07\n",
    detect: Detect::Needles(&["_bytes ", "_bytes{", "container_memory_", " @[", "{__name__=", "} =>"]),
    parser: |_| Parser::Lines(Box::new(text::Scrapes::default())),
};
