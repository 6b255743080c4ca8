//! Markup that text cannot break: tags are written in this program, everything else goes through [`Markup::text`].

use crate::report::untrusted::for_page;

/// A piece of a page on its way out.
#[derive(Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Tags, which only this program can have written.
    pub fn tags(&mut self, tags: &'static str) -> &mut Self {
        self.0.push_str(tags);
        self
    }

    /// Any text, made safe.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&for_page(text));
        self
    }

    /// A number of ours, for an attribute.
    pub fn number(&mut self, n: usize) -> &mut Self {
        self.0.push_str(&n.to_string());
        self
    }

    /// An element that holds nothing but text: `<p class="faint">` and `</p>`.
    pub fn element(&mut self, open: &'static str, text: &str, close: &'static str) -> &mut Self {
        self.tags(open).text(text).tags(close).tags("\n")
    }

    /// A heading with the content below it folded away.
    pub fn folded(&mut self, heading: &str, content: impl FnOnce(&mut Self)) {
        self.tags("<details><summary>").text(heading).tags("</summary>\n");
        content(self);
        self.tags("</details>\n");
    }

    /// The markup.
    pub fn finish(self) -> String {
        self.0
    }
}
