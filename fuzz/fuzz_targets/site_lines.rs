#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| leakdiff_fuzz::site_lines(data));
