"""Checks that each relative link of a built site leads to a file of it, and to a place in that. `site_links.py SITE`"""
import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links, self.places = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.places.add(value)
            elif name in ("href", "src") and tag in ("a", "img"):
                self.links.append(value)


site = pathlib.Path(sys.argv[1]).resolve()
# print.html repeats all pages, 404.html may be shown in any folder.
pages = {path: Page(path) for path in site.glob("*.html") if path.name not in ("print.html", "404.html", "toc.html")}
checked, broken = 0, []
for path, page in pages.items():
    for link in page.links:
        url = urllib.parse.urlsplit(link)
        if url.scheme or url.netloc:
            continue
        checked += 1
        target = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path
        place = urllib.parse.unquote(url.fragment)
        is_inside = target.is_relative_to(site) and target.exists()
        if not is_inside or place and target in pages and place not in pages[target].places:
            broken.append(f"{path.name}: {link}")
print(f"{checked} links of {len(pages)} pages")
assert checked > 100, "too few links were found"
assert not broken, "\n".join(broken)
