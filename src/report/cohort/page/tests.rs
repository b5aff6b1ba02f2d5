use super::super::model::{Column, Found};
use super::super::{sample, since};
use super::*;

fn page(cohort: &Cohort) -> String {
    page_since(cohort, None)
}

fn page_since(cohort: &Cohort, since: Option<&Since>) -> String {
    let mut bytes = Vec::new();
    write_page(cohort, since, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn rows(page: &str) -> Vec<&str> {
    page.split("<tr data-at=").skip(1).map(|row| row.split("</tr>").next().unwrap()).collect()
}

/// The contents of a row's cells behind the three that lead.
fn cells(row: &str) -> Vec<String> {
    row.split("<td").skip(3).map(|cell| cell.split_once('>').unwrap().1.replace("</td>", "")).collect()
}

/// The sample with 60 exercises in four chapters: those of its two, over and over.
fn wide() -> Cohort {
    let mut cohort = sample::cohort();
    cohort.exercises = (0..60)
        .map(|at| Column {
            name: format!("exercise_{at}"),
            chapter: format!("{:02}_c", at / 15 + 1),
            chapter_title: format!("Chapter {}", at / 15 + 1),
            ..cohort.exercises[at % 2].clone()
        })
        .collect();
    for learner in &mut cohort.learners {
        if let Ok(cells) = &mut learner.cells {
            *cells = cells.iter().cloned().cycle().take(60).collect();
        }
    }
    cohort
}

fn data(cohort: &Cohort) -> String {
    data::data(&View::new(cohort, None))
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
    cohort.exercises[1].chapter_title = evil.to_owned();
    let mut former = cohort.clone();
    former.learners[0].cells.as_mut().unwrap()[0].found = Found::Missing;
    former.learners[1].name = evil.to_owned();
    former.run.finished_at = evil.to_owned();
    let since = since(&cohort, &former).unwrap();
    assert!(!since.changes.is_empty() && !since.left.is_empty() && !since.joined.is_empty());
    let page = page_since(&cohort, Some(&since));
    assert!(!page.contains("<img"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(!page.contains('\u{202e}'), "nothing reorders the page");
    assert!(!data(&cohort).contains('\u{2028}'));
    assert_eq!(page.matches("</script").count(), 2, "the data's and the script's own");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn the_data_means_what_it_meant() {
    let data = data(&sample::cohort());
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
fn the_data_says_what_the_table_shows_and_why_somebody_may_need_help() {
    let cohort = sample::cohort();
    let since = since(&cohort, &sample::former()).unwrap();
    let data = data::data(&View::new(&cohort, Some(&since)));
    let value: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(value["learners"][0]["signs"], "pH", "a capital is a refuted claim");
    assert_eq!(value["learners"][3]["signs"], "", "a folder that could not be graded");
    assert_eq!(value["learners"][4]["last"], "2026-01-05T10:00:00Z");
    assert_eq!(value["chapters"], serde_json::json!([["One", 0, 1], ["Two", 1, 1]]));
    let told = [
        "claims 1 exercise solved that grading refutes",
        "stuck on second (3 attempts)",
        "since 2026-01-25 newly stuck on second",
    ];
    assert_eq!(value["learners"][0]["told"], serde_json::json!(told));
    assert_eq!(value["learners"][2]["told"], serde_json::json!(["since 2026-01-25 newly solved: second"]));
}

#[test]
fn the_table_is_there_without_scripts() {
    let page = page(&sample::cohort());
    let rows = rows(&page);
    let stuck = "0/1<span class=\"mark\"> ✗<b>*</b></span>";
    assert_eq!(cells(rows[0]), ["1/1", "✓", stuck, "∞<b>*</b>"]);
    assert_eq!(cells(rows[1]), ["0/1", "·", "0/1", "–"]);
    assert_eq!(cells(rows[2]), ["1/1", "✓", "1/1<span class=\"mark\"><u>!</u></span>", "✓<u>!</u>"]);
    assert_eq!(cells(rows[3]), ["<span>the folder is a symbolic link</span>"]);
    assert_eq!(cells(rows[4]), ["1/1", "✓", "0/1", "?"]);
    assert!(rows[0].contains("<td class=\"last\">2026-01-20</td>"), "{}", rows[0]);
    assert!(rows[0].contains("data-is=\"needy refuted stuck\""), "{}", rows[0]);
    assert!(rows[2].contains("data-is=\"review done\""), "{}", rows[2]);
    assert!(
        rows[3].contains("data-is=\"needy problem\"") && rows[3].contains("colspan=\"4\""),
        "{}",
        rows[3]
    );
}

#[test]
fn many_exercises_are_folded_into_their_chapters_with_every_sign_kept() {
    let page = page(&wide());
    assert!(!page.contains("class=\"exercise\""), "no exercise has a column");
    assert_eq!(page.matches("<th class=\"chapter\"").count(), 4);
    let rows = rows(&page);
    let strip = |signs: &str| format!("<span class=\"strip\">{signs}</span>");
    // A chapter of 15 begins with the one exercise of the sample or with the other.
    let odd = "<span class=\"mark\"><u>!</u></span>";
    let folded = |signs: String| format!("15/15{odd}{}", strip(&signs));
    let [one, other] = ["✓✓<u>!</u>".repeat(7) + "✓", "✓<u>!</u>✓".repeat(7) + "✓<u>!</u>"].map(folded);
    assert_eq!(cells(rows[2]), [one.clone(), other.clone(), one, other]);
    let first =
        format!("8/15<span class=\"mark\"> ✗<b>*</b></span>{}", strip(&("✓∞<b>*</b>".repeat(7) + "✓")));
    assert_eq!(cells(rows[0])[0], first);
    assert_eq!(cells(rows[3]).len(), 1);
    assert!(rows[3].contains("colspan=\"4\""), "{}", rows[3]);
    let order = "exercise_0, exercise_1, exercise_2";
    assert!(page.contains(order), "which sign is whose");
    let mut few = wide();
    few.exercises.truncate(45);
    for learner in &mut few.learners {
        if let Ok(cells) = &mut learner.cells {
            cells.truncate(45);
        }
    }
    assert_eq!(super::tests::page(&few).matches("<th class=\"exercise\"").count(), 45);
}

#[test]
fn columns_say_how_they_are_sorted_and_which_way_a_first_press_turns_them() {
    let page = page(&sample::cohort());
    let heads: Vec<&str> = page
        .split("<thead>")
        .nth(1)
        .unwrap()
        .split("</thead>")
        .next()
        .unwrap()
        .split("<th")
        .skip(1)
        .collect();
    let sorted: Vec<&&str> = heads.iter().filter(|head| head.contains("aria-sort")).collect();
    assert!(matches!(sorted[..], [name] if name.contains("data-sort=\"name\" aria-sort=\"ascending\"")));
    for head in &heads {
        let most_first = head.contains("data-sort=\"sum\"") || head.contains("data-sort=\"chapter\"");
        assert_eq!(head.contains("data-first=\"descending\""), most_first, "{head}");
    }
    // What is told and how the rows are turned come from one word.
    assert_eq!(SCRIPT.matches("setAttribute(\"aria-sort\"").count(), 1);
    assert!(SCRIPT.contains("setAttribute(\"aria-sort\", direction)"));
    assert!(SCRIPT.contains("turn = direction === \"ascending\" ? 1 : -1"));
    assert!(!SCRIPT.contains("=> -"), "no value is turned round before it is compared");
}

#[test]
fn each_chapter_answers_what_the_filter_can_ask() {
    let cohort = sample::cohort();
    let since = since(&cohort, &sample::former()).unwrap();
    let page = page_since(&cohort, Some(&since));
    let parts = |row: &str| -> Vec<String> {
        let parts = row.split("data-is=\"").skip(2);
        parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
    };
    let rows = rows(&page);
    assert_eq!(parts(rows[0]), ["done", "refuted stuck idle newly-stuck"]);
    assert_eq!(parts(rows[2]), ["done", "review done newly-solved"]);
    let option = |word: &str| format!("<option value=\"{word}\">");
    for row in &rows {
        let words = row.split("data-is=\"").skip(1).flat_map(|is| is.split('"').next().unwrap().split(' '));
        words.for_each(|word| assert!(page.contains(&option(word)), "{word}"));
    }
    assert!(page.contains(&option("lost")));
    assert!(!super::tests::page(&cohort).contains(&option("lost")), "there is no former run to compare with");
}

#[test]
fn a_carried_column_is_a_filter_where_learners_share_values() {
    let mut cohort = sample::cohort();
    cohort.carried = vec!["group".to_owned(), "mail".to_owned(), "all the same".to_owned()];
    for (at, learner) in cohort.learners.iter_mut().enumerate() {
        let group = if at % 2 == 0 { "blue" } else { "" };
        learner.extra = vec![group.to_owned(), format!("{at}@example.org"), "x".to_owned()];
    }
    let page = page(&cohort);
    let options = "<select data-column=\"0\"><option>all</option><option value=\"\">(none)</option>\
                   <option value=\"blue\">blue</option></select>";
    assert!(page.contains(options), "{page}");
    assert_eq!(page.matches("data-column=").count(), 1);
}

#[test]
fn an_address_in_a_carried_column_is_a_link_and_nothing_else_is() {
    let mut cohort = sample::cohort();
    cohort.carried = vec!["repository".to_owned(), "site".to_owned()];
    for learner in &mut cohort.learners {
        learner.extra = vec!["https://example.org/?a=1&b=\"2".to_owned(), "javascript:alert(1)".to_owned()];
    }
    let page = page(&cohort);
    let link = "<a href=\"https://example.org/?a=1&amp;b=&quot;2\" rel=\"noopener noreferrer\" target=\"_blank\">\
                repository</a>";
    assert_eq!(page.matches(link).count(), 4, "one for each who needs help");
    assert!(!page.contains("href=\"javascript"));
    let value: serde_json::Value = serde_json::from_str(&data(&cohort)).unwrap();
    let extra = serde_json::json!([
        ["repository", "https://example.org/?a=1&b=\"2", true],
        ["site", "javascript:alert(1)", false]
    ]);
    assert_eq!(value["learners"][0]["extra"], extra);
}

#[test]
fn who_needs_help_first_comes_first_and_what_changed_follows() {
    let cohort = sample::cohort();
    let since = since(&cohort, &sample::former()).unwrap();
    let page = page_since(&cohort, Some(&since));
    let section = |id: &str| {
        let after = page.split(&format!("<section id=\"{id}\">")).nth(1).unwrap_or_else(|| panic!("{id}"));
        after.split("</section>").next().unwrap()
    };
    let people = |section: &str| -> Vec<String> {
        let named = section.split("data-learner=\"").skip(1);
        named.map(|at| at.split('"').next().unwrap().to_owned()).collect()
    };
    assert_eq!(people(section("help")), ["1", "4", "0", "3"]);
    assert_eq!(people(section("since")), ["0", "2"]);
    assert!(section("since").contains("Gone: dave.") && section("since").contains("New: carol."));
    assert!(page.find("id=\"help\"").unwrap() < page.find("id=\"table\"").unwrap());
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
    assert!(page(&Cohort::default()).contains("Nobody needs help more"));
    let mut cohort = sample::cohort();
    cohort.learners.truncate(1);
    assert!(page(&cohort).contains("2026-01-20"));
}
