//! The package that a frame is in.

use crate::model::{Frame, is_library_folder, is_package_folder};

/// Returns the package of a frame: the name under which it is installed; a module of Python's standard library; the
/// import path of a Go function; of other code the folder of its file.
pub fn package(frame: &Frame) -> String {
    if frame.file.is_empty() {
        return frame.function.as_deref().map_or_else(String::new, of_function);
    }
    of_file(&frame.file)
}

/// Returns the package of a file.
pub fn of_file(file: &str) -> String {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    if file.starts_with('<') || parts.len() == 1 {
        return file.to_owned();
    }
    if let Some(at) = parts.iter().rposition(|part| is_package_folder(part)) {
        let named = parts.get(at + 1..).unwrap_or_default();
        return match named {
            // Packages of one owner in the registry of node.
            [owner, name, ..] if owner.starts_with('@') => format!("{owner}/{name}"),
            [name, ..] => module(name).to_owned(),
            [] => file.to_owned(),
        };
    }
    match parts.iter().rposition(|part| is_library_folder(part)) {
        Some(at) if at + 1 < parts.len() => module(parts[at + 1]).to_owned(),
        _ => file[..file.len() - parts[parts.len() - 1].len() - 1].to_owned(),
    }
}

fn module(file: &str) -> &str {
    [".py", ".pyc", ".js"].iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file)
}

/// Returns the import path of a Go function, `example.org/shop/cart` of `example.org/shop/cart.(*Cart).Add`; other
/// functions are packages of their own.
fn of_function(function: &str) -> String {
    let name = function.rfind('/').map_or(0, |slash| slash + 1);
    let end = function[name..].find('.').map_or(function.len(), |dot| name + dot);
    function[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages() {
        for (file, expected) in [
            ("/usr/lib/python3.11/site-packages/openstack/config/cloud_region.py", "openstack"),
            ("/srv/venv/lib/python3.12/site-packages/six.py", "six"),
            ("C:\\app\\venv\\Lib\\site-packages\\requests\\hooks.py", "requests"),
            ("/usr/lib/python3/dist-packages/apt/cache.py", "apt"),
            ("/usr/lib64/python3.11/json/decoder.py", "json"),
            ("/usr/lib/python3.11/threading.py", "threading"),
            ("C:\\Python312\\Lib\\json\\decoder.py", "json"),
            ("/srv/app/node_modules/@scope/cache/lib/index.js", "@scope/cache"),
            ("/srv/app/node_modules/lru/index.js", "lru"),
            ("/srv/app/orders.py", "/srv/app"),
            ("app/models/order.py", "app/models"),
            ("orders.py", "orders.py"),
            ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap>"),
        ] {
            assert_eq!(package(&Frame::at(file, 3)), expected, "{file}");
        }
        for (function, expected) in [
            ("example.org/shop/cart.(*Cart).Add", "example.org/shop/cart"),
            ("main.remember", "main"),
            ("malloc", "malloc"),
        ] {
            let frame = Frame { function: Some(function.into()), ..Frame::at("", 0) };
            assert_eq!(package(&frame), expected, "{function}");
        }
    }
}
