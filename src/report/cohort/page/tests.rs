use super::super::model::Found;
use super::super::sample;
use super::*;

fn page(cohort: &Cohort) -> String {
    let mut bytes = Vec::new();
    write_page(cohort, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn nothing_that_a_learner_wrote_becomes_markup() {
    let mut cohort = sample::cohort();
    let evil = "</script><img src=x onerror=alert(1)>\u{2028}&amp;\u{202e}\"'";
    cohort.carried = vec![evil.to_owned()];
    for learner in &mut cohort.learners {
        learner.path = evil.to_owned();
        learner.extra = vec![evil.to_owned()];
        learner.notes = vec![evil.to_owned()];
        if learner.cells.is_err() {
            learner.cells = Err(evil.to_owned());
        }
    }
    cohort.learners[4].cells.as_mut().unwrap()[1].found = Found::Unreadable(evil.to_owned());
    cohort.submissions[2].tests[1].message = evil.to_owned();
    cohort.submissions[2].tests[1].name = evil.to_owned();
    let page = page(&cohort);
    assert!(!page.contains("<img"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(!page.contains('\u{202e}'), "nothing reorders the page");
    assert!(!data::data(&cohort).contains('\u{2028}'));
    assert_eq!(page.matches("</script").count(), 2, "the data's and the script's own");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn the_data_means_what_it_meant() {
    let data = data::data(&sample::cohort());
    assert!(!data.contains(['<', '>', '&']));
    let value: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(value["learners"][0]["name"], sample::SCRIPT);
    assert_eq!(value["verdicts"][0]["said"][0][0], "error[E0728]: </script><b>await</b>\n");
    assert_eq!(value["verdicts"][1], serde_json::Value::Null);
    assert_eq!(value["verdicts"][3]["review"], "line 3: <i>odd</i>");
    assert_eq!(value["learners"][1]["cells"], serde_json::json!([0, -1]));
    let claimed = serde_json::json!([2, "solved", 3, 1, 0, 1, "2026-01-21T10:00:00Z"]);
    assert_eq!(value["learners"][0]["cells"][1], claimed);
}

#[test]
fn the_table_is_there_without_scripts() {
    let page = page(&sample::cohort());
    let rows: Vec<&str> =
        page.split("<tr data-at=").skip(1).map(|row| row.split("</tr>").next().unwrap()).collect();
    let signs = |row: &str| -> Vec<String> {
        row.split("<td").skip(2).map(|cell| cell.split_once('>').unwrap().1.replace("</td>", "")).collect()
    };
    assert_eq!(signs(rows[0]), ["✓", "∞<b>*</b>"]);
    assert_eq!(signs(rows[1]), ["·", "–"]);
    assert_eq!(signs(rows[2]), ["✓", "✓<u>!</u>"]);
    assert_eq!(signs(rows[3]), ["<span>the folder is a symbolic link</span>"]);
    assert_eq!(signs(rows[4]), ["✓", "?"]);
    assert!(rows[0].contains("data-is=\"needy refuted stuck\""), "{}", rows[0]);
    assert!(rows[2].contains("data-is=\"review done\""), "{}", rows[2]);
}

#[test]
fn the_policy_names_the_script_and_nothing_from_outside_is_asked_for() {
    let page = page(&sample::cohort());
    assert!(page.contains(&format!("script-src '{}'", hash(SCRIPT))));
    assert!(page.contains(&format!("style-src '{}'", hash(STYLE))));
    for address in ["http:", "https:", "//fonts", "src=", "@import", "url("] {
        assert!(!page.contains(address), "{address}");
    }
    assert!(!SCRIPT.contains("</") && !SCRIPT.contains("innerHTML") && !SCRIPT.contains("eval("));
    assert!(!STYLE.contains("</"));
}

#[test]
fn a_cohort_of_nobody_and_one_of_a_day_have_a_page() {
    assert!(page(&Cohort::default()).contains("Nobody stands out"));
    let mut cohort = sample::cohort();
    cohort.learners.truncate(1);
    assert!(page(&cohort).contains("2026-01-20"));
}
