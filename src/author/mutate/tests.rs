mod mistakes;
mod outcomes;
mod records;

use std::collections::BTreeSet;

use super::*;

/// What becomes of the touched lines, for each mutant by `operator` of a public function with this body.
#[track_caller]
fn made(operator: Operator, body: &str) -> Vec<String> {
    made_in(operator, &format!("pub fn f() {{\n{body}\n}}\n"))
}

#[track_caller]
fn made_in(operator: Operator, source: &str) -> Vec<String> {
    let mutants = mutants(source, false).unwrap_or_else(|error| panic!("{error}: {source}"));
    mutants.into_iter().filter(|mutant| mutant.operator == operator).map(|mutant| mutant.after).collect()
}

#[test]
fn a_mutant_is_the_solution_but_for_one_place() {
    let source = "//! Ends.\n\nimpl Signal {\n    fn poll(&self) {\n        // Both.\n        a();\n        b();\n    }\n}\n\npub struct Signal;\n";
    let all = mutants(source, false).unwrap();
    let deleted = Mutant {
        operator: Operator::DeleteStatement,
        within: "Signal::poll".to_owned(),
        line: 6,
        before: "a();".to_owned(),
        after: String::new(),
        text: source.replace("        a();\n", ""),
        appendix: String::new(),
    };
    assert!(all.contains(&deleted), "{all:#?}");
    let swapped = Mutant {
        operator: Operator::SwapStatements,
        within: "Signal::poll".to_owned(),
        line: 6,
        before: "a(); b();".to_owned(),
        after: "b(); a();".to_owned(),
        text: source.replace("a();\n        b();", "b();\n        a();"),
        appendix: String::new(),
    };
    assert!(all.contains(&swapped), "{all:#?}");
}

#[test]
fn no_two_mutants_are_the_same_program() {
    // Without its only statement, the body is empty: one mutant and not two.
    assert_eq!(mutants("pub fn f() {\n    a();\n}\n", false).unwrap().len(), 1);
    // A body that is the default already.
    assert_eq!(made_in(Operator::ReplaceBody, "pub fn f() -> bool {\n    true\n}\n"), ["false"]);
}

#[test]
fn a_text_that_is_no_rust_is_refused() {
    assert!(mutants("fn (", false).is_err());
}

#[test]
fn only_what_hidden_tests_reach_is_changed() {
    let source = "
        pub trait Shop { fn price(&self) -> u32; }
        pub fn total(shop: &impl Shop, ask: u32) -> u32 { helper(shop.price()) + ask }
        fn helper(price: u32) -> u32 { Till { price }.sum() }
        struct Till { price: u32 }
        impl Till { fn sum(&self) -> u32 { self.price + 1 } }
        struct TeaShop;
        impl Shop for TeaShop { fn price(&self) -> u32 { ask() } }
        fn ask() -> u32 { 7 }
        impl Shop for u32 { fn price(&self) -> u32 { *self } }
        #[cfg(test)]
        mod tests { pub fn f() { a(); } }
        #[test]
        pub fn test() { a(); }
        fn main() { total(&TeaShop, 3); }
    ";
    let names = |program| {
        let all = mutants(source, program).unwrap();
        all.into_iter().map(|mutant| mutant.within).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    // `ask` is an argument of `total` and so not the function of that name.
    assert_eq!(names(false), ["Till::sum", "helper", "total", "u32::price"]);
    assert_eq!(names(true), ["TeaShop::price", "Till::sum", "ask", "helper", "main", "total", "u32::price"]);
}

#[test]
fn awaits_are_dropped_also_inside_macros() {
    assert_eq!(made(Operator::DropAwait, "a().await;"), ["a();"]);
    assert_eq!(made(Operator::DropAwait, "vec![a.await; 2];"), ["vec![a; 2];"]);
    assert_eq!(made(Operator::DropAwait, "println!(\"{}\", a.await);"), ["println!(\"{}\", a);"]);
    assert_eq!(made(Operator::DropAwait, "\"a.await\";"), [""; 0]);
}

#[test]
fn moves_are_dropped() {
    assert_eq!(
        made(Operator::DropMove, "g(async move { a }, move || b);"),
        ["g(async { a }, move || b);", "g(async move { a }, || b);"]
    );
}

#[test]
fn a_join_becomes_a_sequence() {
    assert_eq!(made(Operator::JoinInSequence, "tokio::join!(a, &mut b);"), ["(a.await, (&mut b).await);"]);
    assert_eq!(
        made(Operator::JoinInSequence, "let x = try_join!(a(), b)?;"),
        ["let x = async { Ok((a().await?, b.await?)) }.await?;"]
    );
    assert_eq!(made(Operator::JoinInSequence, "tokio::join!(a);"), [""; 0]);
}

#[test]
fn a_spawned_plan_is_carried_out_in_place_or_too_late() {
    let task = "let t = tokio::spawn(a());";
    assert_eq!(
        made(Operator::SpawnInSequence, task),
        ["let t = { let outcome = a().await; tokio::spawn(async move { outcome }) };"]
    );
    assert_eq!(
        made(Operator::SpawnLazily, task),
        ["let t = async move { Ok::<_, tokio::task::JoinError>(a().await) };"]
    );
    let thread = "std::thread::spawn(move || a());";
    assert_eq!(
        made(Operator::SpawnInSequence, thread),
        ["{ let outcome = (move || a())(); std::thread::spawn(move || outcome) };"]
    );
    assert_eq!(made(Operator::SpawnLazily, thread), [""; 0]);
    assert_eq!(
        made(Operator::SpawnInSequence, "set.spawn(async { 1 });"),
        ["set.spawn({ let outcome = (async { 1 }).await; async move { outcome } });"]
    );
}

#[test]
fn a_sleep_blocks_the_thread() {
    assert_eq!(made(Operator::BlockThread, "tokio::time::sleep(d).await;"), ["std::thread::sleep(d);"]);
    assert_eq!(made(Operator::BlockThread, "yield_now().await;"), [""; 0]);
}

#[test]
fn wakers_and_polls_go_wrong() {
    assert_eq!(
        made(Operator::PollAgain, "p.poll(cx)"),
        ["{ let first = p.poll(cx); if first.is_ready() { let _ = p.poll(cx); } first }"]
    );
    assert_eq!(
        made(Operator::NoopWaker, "p.poll(cx);"),
        ["p.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));"]
    );
    assert_eq!(
        made(Operator::NoopWaker, "keep(cx.waker().clone());"),
        ["keep(std::task::Waker::noop().clone());"]
    );
    assert_eq!(made(Operator::KeepTaken, "let w = self.w.take();"), ["let w = self.w.clone();"]);
    assert_eq!(made(Operator::KeepTaken, "let w = std::mem::take(&mut s.w);"), ["let w = s.w.clone();"]);
}

#[test]
fn select_loses_its_order_its_branches_and_its_guards() {
    let select = "tokio::select! {\n    biased;\n    x = a(), if b => c(x),\n    _ = d.await => {}\n    else => e(),\n}";
    assert_eq!(made(Operator::DropBiased, select).len(), 1);
    assert_eq!(made(Operator::DropGuard, select), ["x = a() => c(x),"]);
    let source = format!("pub fn f() {{\n{select}\n}}\n");
    let lines: Vec<_> = mutants(&source, false)
        .unwrap()
        .into_iter()
        .filter(|mutant| mutant.operator == Operator::DropBranch)
        .map(|mutant| (mutant.before, mutant.after))
        .collect();
    let gone = |line: &str| (line.to_owned(), String::new());
    assert_eq!(lines, [gone("x = a(), if b => c(x),"), gone("_ = d.await => {}"), gone("else => e(),")]);
    assert_eq!(made(Operator::DropAwait, select), ["_ = d => {}"]);
}

#[test]
fn statements_are_left_out_under_the_name_of_what_they_do() {
    for (operator, statement) in [
        (Operator::DeleteDrop, "drop(tx);"),
        (Operator::DeleteWake, "waker.wake();"),
        (Operator::DeleteWake, "cx.waker().wake_by_ref();"),
        (Operator::DeleteFlush, "out.flush().await?;"),
        (Operator::DeleteAbort, "self.task.abort();"),
        (Operator::DeleteStatement, "self.n += 1;"),
        (Operator::DeleteStatement, "println!(\"x\");"),
        (Operator::DeleteStatement, "let _guard = rt.enter();"),
        (Operator::DeleteStatement, "let ring = ring.clone();"),
    ] {
        let source = format!("pub fn f() {{\n{statement}\nlast()\n}}\n");
        let all = mutants(&source, false).unwrap();
        let text = source.replace(&format!("{statement}\n"), "");
        assert!(all.iter().any(|mutant| mutant.operator == operator && mutant.text == text), "{all:#?}");
    }
    // Nothing would compile without these.
    assert_eq!(made(Operator::DeleteStatement, "let a = b();\na"), [""; 0]);
    assert_eq!(made(Operator::DeleteStatement, "if a { b } else { c }"), [""; 0]);
}

#[test]
fn statements_change_places_where_that_can_matter() {
    assert_eq!(made(Operator::SwapStatements, "a();\nb();"), ["b(); a();"]);
    assert_eq!(made(Operator::SwapStatements, "a();\nfor x in y {}"), ["for x in y {} a();"]);
    for same in [
        "let a = b();\nc(a);",
        "c(a);\nlet a = b();",
        "let a = Vec::new();\nb();",
        "a();\nreturn;",
        "a();\nb()",
    ] {
        assert_eq!(made(Operator::SwapStatements, same), [""; 0], "{same}");
    }
}

#[test]
fn conditions_are_turned_round() {
    assert_eq!(made(Operator::Negate, "if a.b() {}"), ["if !a.b() {}"]);
    assert_eq!(made(Operator::Negate, "if a || b {}"), ["if !(a || b) {}"]);
    assert_eq!(made(Operator::Negate, "while !a {}"), ["while a {}"]);
    assert_eq!(made(Operator::Negate, "if a && let Some(x) = b {}"), ["if !a && let Some(x) = b {}"]);
    assert_eq!(made(Operator::Negate, "if a == b {}"), [""; 0]);
    assert_eq!(made(Operator::AlwaysTrue, "if a == b {}"), ["if true {}"]);
    assert_eq!(made(Operator::AlwaysTrue, "if let Some(x) = b {}"), [""; 0]);
    assert_eq!(
        made(Operator::DropGuard, "match a { x if x > 0 => 1, _ => 2 };"),
        ["match a { x => 1, _ => 2 };"]
    );
}

#[test]
fn comparisons_and_logic_change() {
    assert_eq!(made(Operator::NegateComparison, "a < b;"), ["a >= b;"]);
    assert_eq!(made(Operator::NegateComparison, "a == b;"), ["a != b;"]);
    assert_eq!(made(Operator::MoveBoundary, "a < b;"), ["a <= b;"]);
    assert_eq!(made(Operator::MoveBoundary, "a == b;"), [""; 0]);
    assert_eq!(made(Operator::SwapLogic, "a && b;"), ["a || b;"]);
    assert_eq!(made(Operator::SwapLogic, "if a && let Some(x) = b {}"), [""; 0]);
    assert_eq!(
        made(Operator::DropOperand, "if a && let Some(x) = b {}"),
        ["if let Some(x) = b {}", "if a {}"]
    );
}

#[test]
fn numbers_change() {
    assert_eq!(made(Operator::OffByOne, "a(3u8);"), ["a(4u8);", "a(2u8);"]);
    assert_eq!(made(Operator::OffByOne, "a(0);"), ["a(1);"]);
    assert_eq!(made(Operator::OffByOne, "a.0;"), [""; 0]);
    assert_eq!(
        made_in(Operator::OffByOne, "pub const N: u32 = 1_000;\n"),
        ["pub const N: u32 = 1001;", "pub const N: u32 = 999;"]
    );
    assert_eq!(made(Operator::MoveRangeEnd, "0..n;"), ["0..=n;"]);
    assert_eq!(made(Operator::MoveRangeEnd, "0..=n;"), ["0..n;"]);
    assert_eq!(made(Operator::SwapArithmetic, "a += b * c;"), ["a -= b * c;", "a += b / c;"]);
    assert_eq!(made(Operator::FlipBool, "a(true);"), ["a(false);"]);
}

#[test]
fn loops_run_too_often_or_not_often_enough() {
    assert_eq!(made(Operator::WhileToIf, "while a() {}"), ["if a() {}"]);
    assert_eq!(made(Operator::FirstOnly, "for x in &xs {}"), ["for x in (&xs).into_iter().take(1) {}"]);
    assert_eq!(made(Operator::SkipFirst, "for x in 1..3 {}"), ["for x in (1..3).into_iter().skip(1) {}"]);
    assert_eq!(made(Operator::SwapBreak, "loop { break; }"), ["loop { continue; }"]);
    assert_eq!(made(Operator::SwapBreak, "loop { continue; }"), ["loop { break; }"]);
}

#[test]
fn calls_of_a_chain_are_left_out() {
    assert_eq!(made(Operator::ExpectNoError, "let a = b()?;"), ["let a = b().expect(\"no error\");"]);
    assert_eq!(
        made(Operator::DropCall, "let rt = builder().enable_all().build();"),
        ["let rt = builder().build();", "let rt = builder().enable_all();"]
    );
    // That would be the deletion of the statement, or could not compile.
    assert_eq!(made(Operator::DropCall, "a.b().await;\nlet c = a.clone();"), [""; 0]);
}

#[test]
fn bodies_become_what_their_type_allows() {
    let bodies =
        |output: &str| made_in(Operator::ReplaceBody, &format!("pub fn f(){output} {{\n    a()\n}}\n"));
    assert_eq!(bodies(" -> u32"), ["Default::default()"]);
    assert_eq!(
        bodies(" -> Poll<u32>"),
        ["std::task::Poll::Pending", "std::task::Poll::Ready(Default::default())"]
    );
    assert_eq!(bodies(" -> bool"), ["true", "false"]);
    assert_eq!(bodies(" -> Option<u32>"), ["None"]);
    assert_eq!(bodies(" -> io::Result<u32>"), ["Ok(Default::default())"]);
    assert_eq!(bodies(" -> impl Future<Output = u32>"), ["async { Default::default() }"]);
    assert_eq!(bodies(" -> &str"), [""; 0]);
    assert_eq!(bodies(" -> Self"), [""; 0]);
    assert_eq!(bodies(""), [""]);
}
