use super::*;

#[test]
fn names_come_in_source_order_with_their_first_doc_line() {
    let hidden = HiddenTests::read(
        "use exercise::f;\n/// It is heard.\n/// More.\n#[test]\nfn heard() {}\nfn helper() {}\n#[test]\nfn again() {}\n/// It is\n/// long. And\n/// more.\n#[test]\nfn long() {}\n",
        &[],
    )
    .unwrap();
    let tests: Vec<_> = hidden.tests().iter().map(|t| (t.name.as_str(), t.about.as_deref())).collect();
    assert_eq!(
        tests,
        [("heard", Some("It is heard.")), ("again", None), ("long", Some("It is long. And more."))]
    );
}

#[test]
fn the_body_of_a_test_is_as_its_author_wrote_it() {
    let source = "fn other() { 1 }\nstruct S { a: u8 }\n#[test]\nfn a() -> Result<(), S> {\n    let é = \"}\";\n\n    if f() {\n        g(é);\n    }\n}\n#[test]\nfn b() { f() }\n#[test]\nfn c() {}\n";
    let hidden = HiddenTests::read(source, &[]).unwrap();
    let bodies: Vec<_> = hidden.tests().iter().map(|test| hidden.body(test)).collect();
    assert_eq!(bodies, ["let é = \"}\";\n\nif f() {\n    g(é);\n}", "f()", ""]);
}

#[test]
fn the_program_keeps_every_line_where_it_was() {
    let source =
        "#[test]\nfn a() {\n    assert!(true);\n}\n\n#[tokio::test(start_paused = true)]\nasync fn b() {}\n";
    let program = HiddenTests::read(source, &[]).unwrap().program();
    let lines: Vec<_> = program.lines().collect();
    assert_eq!(lines[1], "fn a() {");
    assert_eq!(lines[5], "#[::tokio::main(flavor = \"current_thread\", start_paused = true)]");
    assert_eq!(lines[6], "async fn b() {}");
    assert!(program.contains("(\"a\", || ::testkit::harness::Outcome::into_result(a())),"));
    assert!(syn::parse_file(&program).is_ok(), "{program}");
}

#[test]
fn a_module_names_its_own_submission_and_nothing_else() {
    let source = "use exercise::{f, g};\nuse ::exercise::h;\nmod exercises { pub fn exercise() {} }\nfn helper(exercise: u32) -> u32 { assert_eq!(exercise::f(), 1); exercises::exercise(); exercise }\n#[test]\nfn a() {}\n";
    let hidden = HiddenTests::read(source, &[]).unwrap();
    let module = hidden.module("m", "other");
    assert!(module.starts_with(
        "use other::{f, g};\nuse ::other::h;\nmod exercises { pub fn exercise() {} }\nfn helper(exercise: u32) -> u32 { assert_eq!(other::f(), 1); exercises::exercise(); exercise }\n"
    ), "{module}");
    assert!(module.contains("(\"m::a\", ||"), "{module}");
    assert!(syn::parse_file(&module).is_ok(), "{module}");
    assert!(syn::parse_file(&HiddenTests::larger_program(&[("m", "m/x.rs")])).is_ok());
}

const TEXT: &str = "use exercise::f;\n/// It is refused.\n#[must_not_compile(code = [\"E0277\", \"-\"], message = \"between threads\", says = \"It compiles.\\nMore.\")]\nmod with_an_rc {\n    use exercise::Store;\n    #[cfg(refused)]\n    use std::rc::Rc;\n}\n#[test]\nfn a() {}\nmod helpers {\n    #[test]\n    fn none() {}\n}\n";

#[test]
fn a_module_that_must_not_compile_is_a_test_that_is_not_run() {
    let hidden = HiddenTests::read(TEXT, &[]).unwrap();
    let [text, function] = hidden.tests() else { panic!("{:?}", hidden.tests()) };
    assert_eq!((text.name.as_str(), text.about.as_deref()), ("with_an_rc", Some("It is refused.")));
    assert_eq!(
        text.refusal,
        Some(Refusal {
            codes: vec!["E0277".into(), "-".into()],
            message: Some("between threads".into()),
            says: "It compiles.\nMore.".into()
        })
    );
    assert_eq!((function.name.as_str(), &function.refusal), ("a", &None));
    assert_eq!(hidden.functions().collect::<Vec<_>>(), [function]);
    assert_eq!(hidden.syntax_error(), None);
}

#[test]
fn what_must_not_compile_is_a_crate_by_itself_and_its_twin_a_part_of_the_program() {
    let hidden = HiddenTests::read(TEXT, &[]).unwrap();
    let text = hidden.text(&hidden.tests()[0]);
    assert_eq!(text, "\n\n\n\n    use exercise::Store;\n    #[cfg(refused)]\n    use std::rc::Rc;\n\n");
    assert!(hidden.body(&hidden.tests()[0]).starts_with("use exercise::Store;\n#[cfg(refused)]"));
    for program in [hidden.program(), hidden.module("m", "other")] {
        assert!(
            program.contains("\n\nmod with_an_rc {") && !program.contains("must_not_compile"),
            "{program}"
        );
        assert!(!program.contains("with_an_rc\", ||") && !program.contains("with_an_rc()"), "{program}");
        assert!(syn::parse_file(&program).is_ok(), "{program}");
    }
    assert!(hidden.module("m", "other").contains("{\n    use other::Store;"));
}

#[test]
fn a_test_is_a_function_or_a_module_that_must_not_compile() {
    let refused = "must_not_compile(code = \"E0277\", says = \"It compiles.\")";
    let lines = "#[cfg(refused)] use a::b;";
    for (text, part) in [
        (format!("#[{refused}]\nfn b() {{ {lines} }}"), "belongs on a module"),
        (format!("#[{refused}]\nmod a {{ {lines} }}"), "`a` is the name of two tests"),
        (format!("#[{refused}]\nmod b {{ use a::b; }}"), "has no line with"),
        (format!("#[test]\nmod b {{ {lines} }}"), "a module is not a test"),
    ] {
        let problems = HiddenTests::read(&format!("#[test]\nfn a() {{}}\n{text}\n"), &[]).unwrap_err();
        assert!(problems.iter().any(|(_, problem)| problem.contains(part)), "{text}: {problems:?}");
    }
    let alone = HiddenTests::read(&format!("#[{refused}]\nmod b {{ {lines} }}"), &[]).unwrap_err();
    assert!(alone[0].1.contains("has no `#[test]` function"), "{alone:?}");
}

#[test]
fn every_problem_of_a_file_is_reported() {
    let source = "#[test]\n#[ignore]\nfn a() {}\n#[test]\nasync fn b() {}\nfn main() {}\n";
    let problems = HiddenTests::read(source, &[]).unwrap_err();
    let lines: Vec<_> = problems.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 5, 6]);
}

#[test]
fn a_file_without_tests_or_syntax_is_refused() {
    assert!(HiddenTests::read("fn helper() {}", &[]).is_err());
    assert!(HiddenTests::read("fn (", &[]).is_err());
    let hidden = HiddenTests::read("#[test]\nfn a() {\n    let = 1;\n}\n", &[]).unwrap();
    assert_eq!(hidden.syntax_error().map(|(line, _)| line), Some(3));
}

#[test]
fn a_function_is_found_whatever_stands_before_and_in_it() {
    let hidden = HiddenTests::read(
        "#![allow(dead_code)]\nuse a::b;\nconst F: fn() = inner;\nstatic S: [fn(); 1] = [inner];\n\
         struct P(fn(u8));\nimpl P { #[test] fn method() {} }\nmod m { #[test] fn inside() {} }\n\
         macro_rules! x { () => { #[test] fn made() {} } }\nfn inner() { #[test] fn nested() {} }\n\
         #[derive(Debug)] struct Q<const N: usize> where [(); N]: Sized;\n\
         #[test] pub(crate) fn a() -> impl Fn(u8) -> u8 { |n| n }\n\
         #[tokio::test]\n#[allow(unused)]\npub async fn b<T>() where T: Copy {}\n\
         #[test] extern \"C\" fn c() {}\n#[test] const fn d() {}\n",
        &[],
    )
    .unwrap();
    let names: Vec<_> = hidden.tests().iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    assert_eq!(hidden.syntax_error(), None);
    assert!(syn::parse_file(&hidden.program()).is_ok(), "{}", hidden.program());
}

#[test]
fn the_tests_of_the_steps_before_come_along_each_in_a_module_of_its_step() {
    let own = "use exercise::f;\n#[test]\nfn a() {}\n";
    let past = [
        ("second", "//! About it.\nuse exercise::g;\nfn helper() {}\n#[test]\nfn a() {}\n"),
        ("first", "/// It ran.\n#[tokio::test]\n#[allow(unused)]\nasync fn b() {}\n#[test]\npub fn c() { exercise::h() }\n"),
    ]
    .map(|(step, text)| (step.to_owned(), text.to_owned()));
    let hidden = HiddenTests::read(own, &past).unwrap();
    let names: Vec<_> = hidden.tests().iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["a", "second::a", "first::b", "first::c"]);
    assert_eq!(hidden.tests()[2].about.as_deref(), Some("It ran."));
    assert_eq!(HiddenTests::trusted(own, &past).tests(), hidden.tests());
    for program in [hidden.program(), hidden.module("m", "other")] {
        assert!(program.starts_with("use ") && syn::parse_file(&program).is_ok(), "{program}");
        assert!(program.contains("#[allow(unused)]\npub(super) async fn b() {}"), "{program}");
        assert!(program.contains("::into_result(second::a())),"), "{program}");
    }
    let module = hidden.module("m", "other");
    assert!(
        module.contains("(\"m::first::c\", ||") && module.contains("pub(super) fn c() { other::h() }"),
        "{module}"
    );
    // A step has tests of its own, and its faults are not those of a step before.
    let alone = HiddenTests::read("fn helper() {}\n", &past).unwrap_err();
    assert!(alone[0].1.contains("has no `#[test]` function"), "{alone:?}");
    let faulty = [("first".to_owned(), "#[test]\n#[ignore]\nfn a() {}\n".to_owned())];
    assert!(HiddenTests::read(own, &faulty).is_ok());
}
