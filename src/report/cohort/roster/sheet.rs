//! A table as spreadsheets save it: separated by commas, semicolons or tabs, in UTF-8 or in what Windows took for text before
//! it, with a mark in front, rows of nothing at the end, and rows without their last cells.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

/// A table's cells, without the blanks around them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The names of the columns; each row has as many cells.
    pub(super) header: Vec<String>,
    /// The rows that are not blank, each with its line in the file, from 1.
    pub(super) rows: Vec<(u64, Vec<String>)>,
    /// What somebody should look at.
    pub(super) notes: Vec<String>,
}

/// What may stand between two cells: the one that gives the columns that are wanted is it.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a table that has these columns, in any case.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn read(bytes: &[u8], wanted: &[&str]) -> Result<Sheet, Vec<String>> {
    let (text, note) = decoded(bytes).map_err(|problem| vec![problem])?;
    let mut tried = SEPARATORS.map(|separator| (separator, records(&text, separator)));
    let has = |cells: &[String], name: &str| cells.iter().any(|cell| cell.eq_ignore_ascii_case(name));
    let fits =
        |rows: &[Row]| rows.first().is_some_and(|(_, header)| wanted.iter().all(|name| has(header, name)));
    let Some((separator, rows)) = tried.iter_mut().find(|(_, rows)| fits(rows)) else {
        return Err(vec![no_columns(&tried.map(|(_, rows)| rows), wanted)]);
    };
    let separator = char::from(*separator);
    let mut rows = std::mem::take(rows).into_iter();
    let (_, mut header) = rows.next().unwrap_or_default();
    let mut problems = Vec::new();
    let mut full = Vec::new();
    for (line, mut cells) in rows {
        if cells.iter().skip(header.len()).any(|cell| !cell.is_empty()) {
            let columns = header.len();
            problems.push(format!(
                "line {line} has more cells than there are columns ({columns}); put quotes around a cell that holds \
                 {separator:?}"
            ));
        }
        cells.resize(header.len(), String::new());
        full.push((line, cells));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    drop_nameless(&mut header, &mut full);
    Ok(Sheet { header, rows: full, notes: note.into_iter().collect() })
}

/// Columns without a name: what spreadsheets save of a table that was wider once, if there is nothing in them.
fn drop_nameless(header: &mut Vec<String>, rows: &mut [(u64, Vec<String>)]) {
    for at in (0..header.len()).rev() {
        if !header[at].is_empty() {
            continue;
        }
        if rows.iter().any(|(_, cells)| !cells[at].is_empty()) {
            header[at] = format!("column {}", at + 1);
        } else {
            header.remove(at);
            rows.iter_mut().for_each(|(_, cells)| drop(cells.remove(at)));
        }
    }
}

/// What cannot be done, with what was found in place of the columns.
fn no_columns(tried: &[Vec<Row>], wanted: &[&str]) -> String {
    let wanted: Vec<String> = wanted.iter().map(|name| format!("`{name}`")).collect();
    let must = format!("line 1 must name the columns, {} among them", wanted.join(" and "));
    // The separator that is one cuts the line into most pieces.
    let found = tried.iter().filter_map(|rows| rows.first()).max_by_key(|(_, header)| header.len());
    match found {
        Some((line, header)) => {
            let names: Vec<String> = header.iter().map(|name| format!("`{name}`")).collect();
            let where_ = if *line == 1 { String::new() } else { format!(" (here line {line})") };
            format!("{must}; it names {}{where_}", names.join(", "))
        }
        None => format!("{must}; the file is empty"),
    }
}

type Row = (u64, Vec<String>);

/// The rows that are not blank, with their lines.
fn records(text: &str, separator: u8) -> Vec<Row> {
    // Excel writes such a line for itself, and reads it as no row.
    let hint = text.split_inclusive('\n').next().filter(|line| line.to_ascii_lowercase().starts_with("sep="));
    let (text, before) = hint.map_or((text, 0), |line| (&text[line.len()..], 1));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .trim(csv::Trim::All)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    // Text that is UTF-8, with rows of any length: nothing is left that the reader could refuse.
    for row in reader.records().map_while(Result::ok) {
        if row.iter().all(str::is_empty) {
            continue;
        }
        let line = row.position().map_or(0, |position| {
            // It is where the row before ended: empty lines come first.
            let start = text.get(usize::try_from(position.byte()).unwrap_or(0)..).unwrap_or_default();
            let empty = start.bytes().take_while(|byte| b"\r\n".contains(byte));
            position.line() + before + empty.filter(|byte| *byte == b'\n').count() as u64
        });
        rows.push((line, row.iter().map(str::to_owned).collect()));
    }
    rows
}

/// The text of a file, and what was assumed of it.
fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<String>), String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, damaged) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if damaged { Err(save_it(bytes)) } else { Ok((text, None)) };
    }
    let (text, note) = match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            let note = "it is not UTF-8, and was read as Windows-1252; if names look wrong, save it as UTF-8";
            (text, Some(note.to_owned()))
        }
    };
    let odd = |character: char| character.is_control() && !"\t\r\n".contains(character);
    if text.contains(odd) { Err(save_it(bytes)) } else { Ok((text, note)) }
}

fn save_it(bytes: &[u8]) -> String {
    let text = |byte: u8| byte >= b' ' || b"\t\r\n".contains(&byte);
    let good = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.iter().take_while(|byte| text(**byte)).count(),
        Err(error) => error.valid_up_to(),
    };
    let line = 1 + bytes[..good].iter().filter(|byte| **byte == b'\n').count();
    format!("line {line}: this is neither UTF-8 nor Windows-1252; save it as UTF-8 (in Excel: \"CSV UTF-8\")")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &[u8]) -> Sheet {
        read(bytes, &["name", "path"]).unwrap()
    }

    fn rows(sheet: &Sheet) -> Vec<(u64, Vec<&str>)> {
        sheet.rows.iter().map(|(line, cells)| (*line, cells.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn each_separator_is_found_and_the_others_are_text() {
        for (separator, other) in [(",", ";"), (";", ","), ("\t", ";")] {
            let text = format!("Name_path_group\n Ann _clones/ann_\"a{separator}b{other}c\"\n");
            let sheet = table(text.replace('_', separator).as_bytes());
            assert_eq!(sheet.header, ["Name", "path", "group"], "{separator:?}");
            let group = format!("a{separator}b{other}c");
            assert_eq!(rows(&sheet), [(2, vec!["Ann", "clones/ann", &group])]);
        }
        let excel = table(b"sep=;\r\nname;path\r\nAnn;a\r\n");
        assert_eq!(rows(&excel), [(3, vec!["Ann", "a"])]);
    }

    #[test]
    fn text_of_each_encoding_that_spreadsheets_write_is_read() {
        let text = "name,path\nZoë – “Z”,a\n";
        let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
        };
        let (windows, ..) = WINDOWS_1252.encode(text);
        for (bytes, noted) in [
            (text.as_bytes().to_vec(), false),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), false),
            (utf16(u16::to_le_bytes), false),
            (utf16(u16::to_be_bytes), false),
            (windows.to_vec(), true),
        ] {
            let sheet = table(&bytes);
            assert_eq!(rows(&sheet), [(2, vec!["Zoë – “Z”", "a"])]);
            assert_eq!(!sheet.notes.is_empty(), noted, "{:?}", sheet.notes);
        }
        for bytes in [&b"name,path\nZo\xeb,a\nx\x81,b\n"[..], b"name,path\nZoe,a\nx\0,b\n", b"\xff\xfen\0a"] {
            let problems = read(bytes, &["name", "path"]).unwrap_err();
            assert!(problems[0].contains("UTF-8") || problems[0].contains("must name"), "{problems:?}");
        }
        let problems = read(b"name,path\nZoe,a\nx\0,b\n", &["name"]).unwrap_err();
        assert!(problems[0].starts_with("line 3: "), "{problems:?}");
    }

    #[test]
    fn blank_rows_short_rows_and_columns_of_nothing_are_what_they_look_like() {
        let sheet = table(b",,,\n\nname,path,group,,\n,,\n\nAnn,a\n ; \n\nBob,b,2,,\n,,,\n");
        assert_eq!(sheet.header, ["name", "path", "group"]);
        let found = rows(&sheet);
        assert_eq!(found[0], (6, vec!["Ann", "a", ""]));
        assert_eq!(found[2], (9, vec!["Bob", "b", "2"]), "lines are those of the file");
        let named = table(b"name,,path\nAnn,1,a\n");
        assert_eq!(named.header, ["name", "column 2", "path"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_what_was_found() {
        let wrong = |bytes: &[u8]| read(bytes, &["name", "path"]).unwrap_err();
        let missing = wrong(b"Name;mail;group\nx;y;z\n");
        assert_eq!(
            missing,
            ["line 1 must name the columns, `name` and `path` among them; it names `Name`, `mail`, `group`"]
        );
        assert!(wrong(b"")[0].ends_with("the file is empty"));
        let long = wrong(b"name,path\nSmith, Ann,a\nx,b\nJones, Bob,b\n");
        assert_eq!(long.len(), 2);
        assert!(long[0].starts_with("line 2 has more cells") && long[0].contains("','"), "{long:?}");
    }
}
