//! Functions that allocate for their callers: no site is one of them.

/// Functions of C libraries by which memory is had, of the heap or of the kernel.
const ALLOCATORS: [&str; 27] = [
    "__brk",
    "__default_morecore",
    "__glibc_morecore",
    "__libc_calloc",
    "__libc_malloc",
    "__libc_memalign",
    "__libc_realloc",
    "__mmap",
    "_int_malloc",
    "_int_memalign",
    "_int_realloc",
    "_mid_memalign",
    "aligned_alloc",
    "brk",
    "calloc",
    "malloc",
    "memalign",
    "mmap",
    "mmap64",
    "mremap",
    "posix_memalign",
    "realloc",
    "reallocarray",
    "sbrk",
    "sysmalloc",
    "tcache_init",
    "valloc",
];

/// Whether a function allocates for its caller, by its demangled name.
#[must_use]
pub fn is_allocator(function: &str) -> bool {
    // The version of a symbol: `mmap@@GLIBC_2.2.5`.
    let name = function.split('@').next().unwrap_or(function);
    let is_operator = |rest: &str| rest.is_empty() || rest.starts_with(['(', '[']);
    name.strip_prefix("operator new").is_some_and(is_operator) || ALLOCATORS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{ALLOCATORS, is_allocator};

    #[test]
    fn allocators_are_known_by_name() {
        assert!(ALLOCATORS.is_sorted());
        for (function, expected) in [
            ("malloc", true),
            ("mmap@@GLIBC_2.2.5", true),
            ("operator new(unsigned long)", true),
            ("operator new[](unsigned long, std::nothrow_t const&)", true),
            ("operator newer", false),
            ("my_malloc", false),
            ("keep", false),
        ] {
            assert_eq!(is_allocator(function), expected, "{function}");
        }
    }
}
