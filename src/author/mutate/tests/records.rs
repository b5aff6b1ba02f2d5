use super::*;
use crate::workbook::Equivalent;

fn record(line: usize, before: &str, after: &str, nth: Option<usize>) -> Equivalent {
    Equivalent {
        file: "tests/equivalent/01_one/first.toml".to_owned(),
        line,
        operator: "off_by_one".to_owned(),
        within: "f".to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
        nth,
        reason: "room is room".to_owned(),
    }
}

fn faults(records: &[Equivalent]) -> Vec<(usize, String)> {
    let all = mutants("pub fn f() {\n    a(0);\n    b(0);\n    a(0);\n}\n", false).unwrap();
    let known = known(&all, records);
    known.faults.into_iter().map(|fault| (fault.line.unwrap(), fault.problem)).collect()
}

#[test]
fn a_record_finds_its_mutant_wherever_it_stands() {
    let records = [record(1, "b(0);", "b(1);", None), record(2, "a(0);", "a(1);", Some(2))];
    let all = mutants("\n\npub fn f() {\n    a(0);\n    b(0);\n    a(0);\n}\n", false).unwrap();
    let known = known(&all, &records);
    assert_eq!(known.faults, []);
    let lines: Vec<_> = all
        .iter()
        .zip(&known.records)
        .filter_map(|(mutant, record)| record.map(|record| (mutant.line, record.line)))
        .collect();
    assert_eq!(lines, [(5, 1), (6, 2)]);
    let places: Vec<_> = (0..all.len())
        .filter(|index| all[*index].operator == Operator::OffByOne)
        .map(|index| nth(&all, index))
        .collect();
    assert_eq!(places, [Some(1), None, Some(2)]);
}

#[test]
fn every_record_without_a_mutant_of_its_own_is_a_fault() {
    let records = [
        Equivalent { operator: "off_by_two".to_owned(), ..record(1, "a(0);", "a(1);", None) },
        Equivalent { within: "g".to_owned(), ..record(2, "a(0);", "a(1);", None) },
        record(3, "c(0);", "c(1);", None),
        record(4, "b(0);", "b(2);", None),
        record(5, "b(0);", "", None),
        record(6, "a(0);", "a(1);", None),
        record(7, "a(0);", "a(1);", Some(3)),
        record(8, "b(0);", "b(1);", None),
        record(9, "b(0);", "b(1);", None),
    ];
    let expected = [
        (1, "the solution has no mutant by `off_by_two`"),
        (2, "no mutant by `off_by_one` is in `g`"),
        (3, "no such mutant touches `c(0);`"),
        (4, "no such mutant makes `b(2);` of it"),
        (5, "no such mutant leaves out `b(0);`"),
        (6, "fits 2 mutants, at lines 2 and 4 of the solution; say which with `nth = 1`"),
        (7, "`nth` is 3, but the number of such mutants is 2"),
        (9, "names the same mutant as line 8"),
    ];
    let found = faults(&records);
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((line, problem), (wanted, part)) in found.iter().zip(expected) {
        assert_eq!(*line, wanted, "{problem}");
        assert!(problem.starts_with(part), "{problem}");
    }
}
