//! Frames of the allocator itself, which stand innermost in every stack and tell nothing.

/// Libraries that are allocators, by the beginning of their file names.
const LIBRARIES: [&str; 4] = ["libjemalloc", "libtcmalloc", "libmimalloc", "libprofiler"];

/// Functions that allocate for their callers.
const FUNCTIONS: [&str; 26] = [
    "malloc",
    "calloc",
    "realloc",
    "reallocarray",
    "memalign",
    "aligned_alloc",
    "posix_memalign",
    "valloc",
    "operator new",
    "operator new[]",
    "_Znwm",
    "_Znam",
    "__libc_malloc",
    "__libc_calloc",
    "__libc_realloc",
    "runtime.mallocgc",
    "runtime.newobject",
    "runtime.makeslice",
    "runtime.growslice",
    "__rust_alloc",
    "__rust_realloc",
    "__rust_alloc_zeroed",
    "__rg_alloc",
    "__rg_realloc",
    "__rdl_alloc",
    "mallocx",
];

/// Beginnings of the names of an allocator's functions.
const PREFIXES: [&str; 6] = ["je_", "_rjem_", "tc_", "tcmalloc::", "do_malloc", "prof_backtrace"];

/// Whether a library is an allocator, by its path.
pub fn is_library(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    LIBRARIES.iter().any(|library| name.starts_with(library))
}

/// Whether a function is one of an allocator.
pub fn is_function(name: &str) -> bool {
    let bare = name.split('(').next().unwrap_or(name);
    FUNCTIONS.contains(&bare) || PREFIXES.iter().any(|prefix| bare.starts_with(prefix))
}

/// Returns the number of innermost frames that are the allocator's; 0 where all frames are.
pub fn innermost(frames: impl IntoIterator<Item = bool>) -> usize {
    frames.into_iter().position(|is_allocator| !is_allocator).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocators() {
        for (name, expected) in [
            ("malloc", true),
            ("operator new(unsigned long)", true),
            ("je_malloc_default", true),
            ("_rjem_mallocx", true),
            ("malloc_trim_log", false),
            ("main.keep", false),
        ] {
            assert_eq!(is_function(name), expected, "{name}");
        }
        assert!(is_library("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2") && !is_library("/srv/app/cleaky"));
        assert_eq!(innermost([true, true, false, true]), 2);
        assert_eq!(innermost([true, true]), 0);
    }
}
