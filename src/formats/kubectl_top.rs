//! `kubectl top pod`, `kubectl top node`, `oc adm top`: tables of pods, of their containers, or of nodes.
//!
//! No field has blanks in it. A row below a header has a field for each heading; without headers (`--no-headers`) the
//! fields are told by their shape: `NAME 22m 212Mi`.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// Working set of a pod, a container or a node.
pub const MEMORY: Metric = Metric::bytes("MEMORY", Role::Resident);
/// Memory that is swapped out.
pub const SWAP: Metric = Metric::bytes("SWAP", Role::Swap);

/// Tables of `kubectl top`.
pub static FORMAT: Format = Format {
    name: "kubectl-top",
    reads: "kubectl top pod, kubectl top node and oc adm top (\"NAME CPU(cores) MEMORY(bytes)\")",
    example: "NAME        CPU(cores)   MEMORY(bytes)   \nshop-db-0   38m          401Mi           \n",
    detect: Detect::Needles(&[
        "MEMORY(bytes)",
        "WINDOW",
        "0Mi",
        "1Mi",
        "2Mi",
        "3Mi",
        "4Mi",
        "5Mi",
        "6Mi",
        "7Mi",
        "8Mi",
        "9Mi",
        "top_pod.go:",
        "top_node.go:",
        "memcache.go:",
    ]),
    parser: |_| Parser::Lines(Box::new(TopReader::default())),
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Namespace,
    Pod,
    Name,
    Cpu,
    Memory,
    Swap,
    /// The seconds over which processors were measured.
    Window,
    Other,
}

/// The columns of a header, and of rows without one.
const POD: &[Column] = &[Column::Name, Column::Cpu, Column::Memory];
const TWO_NAMES: &[Column] = &[Column::Namespace, Column::Name, Column::Cpu, Column::Memory];
const THREE_NAMES: &[Column] = &[Column::Namespace, Column::Pod, Column::Name, Column::Cpu, Column::Memory];
const NODE: &[Column] = &[Column::Name, Column::Cpu, Column::Other, Column::Memory, Column::Other];

#[derive(Debug, Default)]
struct TopReader {
    columns: Option<Vec<Column>>,
}

/// Parses a line as a header, perhaps after a stamp.
fn header(line: &str) -> Option<Vec<Column>> {
    // `kubectl get podmetrics` has another header.
    let of_metrics = line.contains("WINDOW") && line.split_ascii_whitespace().any(|word| word == "MEMORY");
    (of_metrics || line.contains("MEMORY(bytes)")).then_some(())?;
    let column = |word: &str| match word {
        "NAMESPACE" => Column::Namespace,
        "POD" => Column::Pod,
        "NAME" => Column::Name,
        "CPU(cores)" | "CPU" => Column::Cpu,
        "WINDOW" => Column::Window,
        "MEMORY(bytes)" | "MEMORY" => Column::Memory,
        "SWAP(bytes)" => Column::Swap,
        _ => Column::Other,
    };
    let columns: Vec<Column> =
        line.split_ascii_whitespace().map(column).skip_while(|column| *column == Column::Other).collect();
    columns.contains(&Column::Name).then_some(columns)
}

/// A row of a table.
#[derive(Debug, PartialEq)]
struct Row {
    subject: Subject,
    /// `None` where the metrics are unknown.
    memory: Option<Measured>,
    swap: Option<Measured>,
}

/// Parses the fields of a row, one for each column.
fn row(columns: &[Column], fields: &[&str]) -> Option<Row> {
    if columns.len() != fields.len() {
        return None;
    }
    let field = |wanted: Column| {
        let place = columns.iter().position(|column| *column == wanted)?;
        fields.get(place).copied()
    };
    let (namespace, pod, name) = (field(Column::Namespace), field(Column::Pod), field(Column::Name)?);
    let is_named = [namespace, pod, Some(name)].into_iter().flatten().all(is_name);
    if !is_named || !field(Column::Cpu).is_none_or(is_cpu) {
        return None;
    }
    // Names are unique within their namespace, those of containers within their pod.
    let full = [namespace, pod, Some(name)].into_iter().flatten().collect::<Vec<_>>().join("/");
    let kind = match (pod, columns.contains(&Column::Other)) {
        (Some(_), _) => SubjectKind::Container,
        (None, true) => SubjectKind::Host,
        (None, false) => SubjectKind::Pod,
    };
    let subject = Subject { parent: pod.map(str::to_owned), ..Subject::named(kind, full) };
    let memory = match field(Column::Memory)? {
        "<unknown>" => None,
        text => Some(quantity(text)?),
    };
    Some(Row { subject, memory, swap: field(Column::Swap).and_then(quantity) })
}

/// Returns the columns of a row without a header, by the shape of its fields.
fn columns_of(fields: &[&str]) -> Option<&'static [Column]> {
    let [.., before, last] = fields else { return None };
    let is_pod = is_cpu(before) && before.ends_with('m') && last.ends_with("Mi");
    match fields {
        [_, cpu, percent, memory, share] if is_cpu(cpu) && memory.ends_with("Mi") => {
            (percent.ends_with('%') && share.ends_with('%')).then_some(NODE)
        }
        [_, _, _] if is_pod => Some(POD),
        [_, _, _, _] if is_pod => Some(TWO_NAMES),
        [_, _, _, _, _] if is_pod => Some(THREE_NAMES),
        _ => None,
    }
}

/// Whether a word may name a namespace, a pod, a container or a node.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
}

/// Whether a field is a share of processors: `22m`, `2`, `<unknown>`.
fn is_cpu(field: &str) -> bool {
    let digits = field.trim_end_matches(['m', 'n', 'u']);
    field == "<unknown>" || !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Parses a quantity of memory. It is cut to whole MiB, all values alike: half a step each is what two of them can
/// differ by.
pub(super) fn quantity(field: &str) -> Option<Measured> {
    field.ends_with('i').then_some(())?;
    size(field, 1.0, Multiples::Binary).map(|size| Measured::rounded(size.bytes, size.step / 2.0))
}

/// Whether a line is a message of the program itself: `W0314 20:00:00.000000   12345 top_pod.go:140] …`. Its stamp has
/// no year, and is not the time of the rows below.
pub(super) fn is_klog(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let (Some(date), Some(time)) = (words.next(), words.next()) else { return false };
    let digits = date.strip_prefix(['I', 'W', 'E', 'F']).unwrap_or("");
    digits.len() == 4
        && digits.bytes().all(|b| b.is_ascii_digit())
        && time.split(':').count() == 3
        && line.contains("] ")
}

/// Whether a line is the total of `--sum`, or the rule above it: it names nobody.
fn is_sum(fields: &[&str]) -> bool {
    fields.iter().all(|field| field.bytes().all(|b| b == b'_'))
        || matches!(fields, [cpu, memory] if is_cpu(cpu) && quantity(memory).is_some())
}

impl TopReader {
    /// Parses a line as a row from a byte on.
    fn fields(&self, text: &str) -> Option<Row> {
        // `tr -s ' ' ','` makes a table with commas.
        let fields: Vec<&str> = text.split([' ', '\t', ',', ';']).filter(|field| !field.is_empty()).collect();
        let columns = self.columns.as_deref().filter(|columns| columns.len() == fields.len());
        row(columns.or_else(|| columns_of(&fields))?, &fields)
    }
}

impl TopReader {
    /// Whether a line below a header has a name and processors, and no memory.
    fn is_damaged(&self, line: &str) -> bool {
        let Some(columns) = &self.columns else { return false };
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let has = |place: usize| fields.get(place).is_some_and(|field| is_cpu(field) && field.ends_with('m'));
        fields.len() == columns.len()
            && fields.first().is_some_and(|name| is_name(name))
            && columns.iter().position(|column| *column == Column::Cpu).is_some_and(has)
    }
}

impl LineParser for TopReader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(columns) = header(line.text) {
            out.scope(line, 0);
            self.columns = Some(columns);
            return Ok(Claim::Mine);
        }
        if is_klog(line.text) {
            out.scope(line, 0);
            return Ok(Claim::Mine);
        }
        let has_memory = line.text.contains("Mi") || line.text.contains("<unknown>");
        let (row, scope) = match self.fields(line.text) {
            Some(row) => (Some(row), out.scope(line, 0)),
            None if has_memory || self.is_damaged(line.text) => {
                let scope = out.row_scope(line);
                let text = line.text.get(if scope.stamped { scope.stamp_end } else { 0 }..).unwrap_or("");
                let fields: Vec<&str> = text.split_ascii_whitespace().collect();
                if self.columns.is_some() && is_sum(&fields) {
                    return Ok(Claim::Mine);
                }
                (self.fields(text), scope)
            }
            None => return Ok(Claim::NotMine),
        };
        match row {
            // The last line may be cut in the middle of a number.
            Some(row) if !line.ended && !line.text.ends_with(['i', ' ', '%', '>']) => {
                drop(row);
                Err(Damage { column: None, message: "the last row is cut".to_owned() })
            }
            Some(Row { subject, memory: Some(memory), swap }) => {
                let sample = out.sample_in(line, subject, scope).set(MEMORY, memory);
                sample.set_all(swap.map(|swap| (SWAP, swap))).push();
                Ok(Claim::Mine)
            }
            Some(Row { memory: None, .. }) => Ok(Claim::Mine),
            None if self.is_damaged(line.text) => {
                Err(Damage { column: None, message: "expected memory such as 212Mi".to_owned() })
            }
            None => Ok(Claim::NotMine),
        }
    }

    fn follows(&self) -> bool {
        self.columns.is_some()
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        self.columns = None;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rows_below_headers_and_without() {
        const POD_HEADER: &str = "NAME   CPU(cores)   MEMORY(bytes)";
        for (heading, text, kind, name, mebibytes) in [
            (POD_HEADER, "shop-db-0  38m  401Mi   ", SubjectKind::Pod, "shop-db-0", Some(401.0)),
            (
                "NAMESPACE NAME CPU(cores) MEMORY(bytes)",
                "shop shop-db-0 38m 401Mi",
                SubjectKind::Pod,
                "shop/shop-db-0",
                Some(401.0),
            ),
            (
                "POD NAME CPU(cores) MEMORY(bytes)",
                "shop-db-0 db 38m 401Mi",
                SubjectKind::Container,
                "shop-db-0/db",
                Some(401.0),
            ),
            (
                "NAMESPACE POD NAME CPU(cores) MEMORY(bytes)",
                "shop shop-db-0 db 38m 401Mi",
                SubjectKind::Container,
                "shop/shop-db-0/db",
                Some(401.0),
            ),
            (
                "NAME CPU(cores) CPU(%) MEMORY(bytes) MEMORY(%)",
                "node1 1284m 32% 3446Mi 44%",
                SubjectKind::Host,
                "node1",
                Some(3446.0),
            ),
            (
                "NAME CPU(cores) CPU% MEMORY(bytes) MEMORY%",
                "node1 <unknown> <unknown> <unknown> <unknown>",
                SubjectKind::Host,
                "node1",
                None,
            ),
            ("", "shop-db-0 38m 401Mi", SubjectKind::Pod, "shop-db-0", Some(401.0)),
            ("", "shop shop-db-0 38m 401Mi", SubjectKind::Pod, "shop/shop-db-0", Some(401.0)),
            ("", "node1 1284m 32% 3446Mi 44%", SubjectKind::Host, "node1", Some(3446.0)),
        ] {
            let reader = TopReader { columns: header(heading) };
            let row = reader.fields(text).unwrap();
            assert_eq!((row.subject.kind, row.subject.name.as_deref()), (kind, Some(name)), "{text}");
            assert_eq!(row.memory.map(|memory| memory.value / 1_048_576.0), mebibytes, "{text}");
        }
        let reader = TopReader { columns: header(POD_HEADER) };
        for line in [
            "   76m   701Mi",
            "________   ________",
            "error: Metrics API not available",
            "W0314 20:00:00.000000   12345 top_pod.go:140] Using json format to get metrics.",
            "Error from server (NotFound): podmetrics \"shop/a\" not found",
            "took 5m for 401MiB",
        ] {
            assert_eq!(reader.fields(line), None, "{line}");
        }
    }
}
