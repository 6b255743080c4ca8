//! Frames of the allocator itself, which stand innermost in every stack and tell nothing.

/// Libraries that are allocators, by the beginning of their file names.
const LIBRARIES: [&str; 4] = ["libjemalloc", "libtcmalloc", "libmimalloc", "libprofiler"];

/// Functions that allocate for their callers, from the heap or from the kernel.
const FUNCTIONS: [&str; 42] = [
    "_Znam",
    "_Znwm",
    "__brk",
    "__default_morecore",
    "__glibc_morecore",
    "__libc_calloc",
    "__libc_malloc",
    "__libc_memalign",
    "__libc_realloc",
    "__mmap",
    "__rdl_alloc",
    "__rg_alloc",
    "__rg_realloc",
    "__rust_alloc",
    "__rust_alloc_zeroed",
    "__rust_realloc",
    "_int_malloc",
    "_int_memalign",
    "_int_realloc",
    "_mid_memalign",
    "aligned_alloc",
    "brk",
    "calloc",
    "malloc",
    "mallocx",
    "memalign",
    "mmap",
    "mmap64",
    "mremap",
    "operator new",
    "operator new[]",
    "posix_memalign",
    "realloc",
    "reallocarray",
    "runtime.growslice",
    "runtime.makeslice",
    "runtime.mallocgc",
    "runtime.newobject",
    "sbrk",
    "sysmalloc",
    "tcache_init",
    "valloc",
];

/// Beginnings of the names of an allocator's functions.
const PREFIXES: [&str; 6] = ["je_", "_rjem_", "tc_", "tcmalloc::", "do_malloc", "prof_backtrace"];

/// Whether a library is an allocator, by its path.
pub fn is_library(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    LIBRARIES.iter().any(|library| name.starts_with(library))
}

/// Whether a function allocates for its callers, by its name: `operator new(unsigned long)`, `mmap@@GLIBC_2.2.5`.
pub fn is_function(name: &str) -> bool {
    let bare = name.split(['(', '@']).next().unwrap_or(name);
    FUNCTIONS.binary_search(&bare).is_ok() || PREFIXES.iter().any(|prefix| bare.starts_with(prefix))
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
        assert!(FUNCTIONS.is_sorted());
        for (name, expected) in [
            ("malloc", true),
            ("mmap@@GLIBC_2.2.5", true),
            ("operator new(unsigned long)", true),
            ("operator new[](unsigned long, std::nothrow_t const&)", true),
            ("operator newer", false),
            ("je_malloc_default", true),
            ("_rjem_mallocx", true),
            ("malloc_trim_log", false),
            ("my_malloc", false),
            ("main.keep", false),
        ] {
            assert_eq!(is_function(name), expected, "{name}");
        }
        assert!(is_library("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2") && !is_library("/srv/app/cleaky"));
        assert_eq!(innermost([true, true, false, true]), 2);
        assert_eq!(innermost([true, true]), 0);
    }
}
