use super::super::sample;
use super::read::read_json;
use super::*;

fn written(cohort: &Cohort) -> String {
    let mut bytes = Vec::new();
    write_json(cohort, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_is_written_is_read_back_whole() {
    let mut cohort = sample::cohort();
    assert_eq!(read_json(written(&cohort).as_bytes()).unwrap(), cohort);
    cohort.share = Some(Share { number: 1, of: 2, everybody: vec!["a".into(), "b".into()] });
    assert_eq!(read_json(written(&cohort).as_bytes()).unwrap(), cohort);
}

#[test]
fn the_format() {
    insta::assert_snapshot!(written(&sample::cohort()));
}

#[test]
fn what_is_no_cohort_is_refused_with_the_reason() {
    let text = written(&sample::cohort());
    for (from, to, why) in [
        ("cohort/v1", "cohort/v9", "its schema is `tokiolings/cohort/v9`"),
        ("\"verdict\":\"hung\",\"tests\"", "\"verdict\":\"magic\",\"tests\"", "`magic` is not known"),
        ("\"submission\":\"aaaa\",\"untouched\"", "\"submission\":\"ffff\",\"untouched\"", "submission ffff"),
        ("\"cells\":{\"first\"", "\"cells\":{\"other\"", "no cell for `first`"),
    ] {
        assert!(text.contains(from), "{from}");
        let error = read_json(text.replace(from, to).as_bytes()).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    assert!(read_json(&text.as_bytes()[..text.len() / 2]).is_err());
}
