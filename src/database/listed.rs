//! Many rows in a statement of SQLite, bound value by value: to take them out of a text of JSON would cost more than
//! to insert them (docs/decisions/0005).

use super::Value;

/// How many rows a statement takes at the most; SQLite binds 32,766 values in one.
const MOST: usize = 1_024;

/// The rows whose values, so many each, were put at the end of `values`, behind those `before` them: tables with the
/// columns `column1` and on, each for a statement of its own, in this order. The first value of a row is never null.
/// Their placeholders have no numbers, and are filled in the order of the values; whatever a text names by number
/// is to come behind all rows.
///
/// A table is filled up with empty rows to a power of two: few texts are prepared, and used again.
pub(crate) fn listed(values: &mut Vec<Value>, before: usize, width: usize) -> Vec<String> {
    let rows = (values.len() - before) / width;
    let rest = match rows % MOST {
        0 => 0,
        rest => rest.next_power_of_two(),
    };
    let full = rows / MOST;
    values.resize(before + (full * MOST + rest) * width, Value::Text(None));
    let row = format!("({})", vec!["?"; width].join(", "));
    let table = |rows: usize| {
        let rows = vec![row.as_str(); rows].join(", ");
        format!("(VALUES {rows}) WHERE column1 IS NOT NULL")
    };
    let mut tables = vec![table(MOST); full];
    tables.extend((rest > 0).then(|| table(rest)));
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(rows: usize) -> (usize, Vec<usize>) {
        let mut values = vec![Value::Int(0)];
        values.extend((0..rows * 3).map(|value| Value::Int(value as i64)));
        let tables = listed(&mut values, 1, 3);
        (values.len() - 1, tables.iter().map(|table| table.matches("(?, ?, ?)").count()).collect())
    }

    #[test]
    fn each_row_has_its_place_and_the_rest_is_empty() {
        assert_eq!(widths(0), (0, vec![]));
        assert_eq!(widths(1), (3, vec![1]));
        assert_eq!(widths(5), (24, vec![8]));
        assert_eq!(widths(1_024), (3_072, vec![1_024]));
        assert_eq!(widths(2_050), (6_150, vec![1_024, 1_024, 2]));
    }
}
