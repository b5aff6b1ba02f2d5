//! The operators that are mistakes of learners.

use super::*;

/// As `made`, without the path of what the change calls.
#[track_caller]
fn calls(operator: Operator, body: &str) -> Vec<String> {
    calls_in(operator, &format!("pub fn f() {{\n{body}\n}}\n"))
}

#[track_caller]
fn calls_in(operator: Operator, source: &str) -> Vec<String> {
    made_in(operator, source)
        .into_iter()
        .map(|after| after.replace("crate::tokiolings_mutant::", ""))
        .collect()
}

#[test]
fn what_a_change_calls_is_appended_and_no_part_of_the_lines() {
    let source = "pub async fn f() {\n    a().await;\n}\n";
    let all = mutants(source, false).unwrap();
    let naps = all.iter().find(|mutant| mutant.operator == Operator::AsksByTheClock).unwrap();
    assert_eq!(naps.before, "a().await;");
    assert_eq!(naps.after, "crate::tokiolings_mutant::naps(a()).await;");
    assert_eq!(naps.text, source.replace("a()", "crate::tokiolings_mutant::naps(a())"));
    assert!(naps.source().starts_with(&naps.text));
    assert!(naps.source().contains("mod tokiolings_mutant {"));
    let dropped = all.iter().find(|mutant| mutant.operator == Operator::DropAwait).unwrap();
    assert_eq!(dropped.source(), dropped.text);
}

#[test]
fn what_a_change_calls_is_there() {
    let workbook = crate::workbook::Workbook::builtin().unwrap();
    let mut parsed = BTreeSet::new();
    // A step that builds on another one holds that one's solution, up to 1,500 lines: its mutants take minutes.
    for exercise in workbook.exercises().filter(|exercise| exercise.after.is_none()) {
        for mutant in mutants(&exercise.solution, exercise.program).unwrap() {
            if parsed.insert(mutant.appendix.clone()) {
                assert!(syn::parse_file(&mutant.source()).is_ok(), "{}: {}", exercise.name, mutant.after);
            }
            for called in mutant.text.split("crate::tokiolings_mutant::").skip(1) {
                let end = called.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap();
                let defined = format!("fn {}", &called[..end]);
                assert!(mutant.appendix.contains(&defined), "{}: {}", exercise.name, mutant.after);
            }
        }
    }
}

#[test]
fn a_change_in_several_places_is_told_with_all_its_lines() {
    let source = "pub fn f() {\n    one();\n    while a() {\n        b();\n    }\n}\n";
    let mutant = mutants(source, false)
        .unwrap()
        .into_iter()
        .find(|mutant| mutant.operator == Operator::StopsAfterTen)
        .unwrap();
    assert_eq!(mutant.line, 3);
    assert_eq!(mutant.before, "while a() {");
    assert_eq!(mutant.after, "let mut rounds = 0; while a() { rounds += 1; if rounds > 10 { break; }");
    let source = "pub fn f() {\n    let all = {\n        let mut s = m.lock().unwrap();\n        s.set = true;\n        s.all()\n    };\n    wake(all);\n}\n";
    let mutant = mutants(source, false)
        .unwrap()
        .into_iter()
        .find(|mutant| mutant.operator == Operator::RaisesFlagLate)
        .unwrap();
    assert_eq!((mutant.before.as_str(), mutant.line), ("s.set = true; … wake(all);", 4));
    assert_eq!(mutant.after, "wake(all); m.lock().unwrap().set = true;");
}

#[test]
fn what_is_awaited_is_waited_for_in_other_ways() {
    assert_eq!(calls(Operator::AsksAgainNextTime, "a().await;"), ["busy_next_time(a()).await;"]);
    assert_eq!(
        calls(Operator::Lingers, "rt.block_on(async { timeout(limit, call).await });"),
        ["rt.block_on(async { timeout(limit, lingers(call)).await });"]
    );
    assert_eq!(
        calls(Operator::PausesFirst, "tokio::join!(a, b);"),
        ["tokio::join!(pauses_first(a), b);", "tokio::join!(a, pauses_first(b));"]
    );
    assert_eq!(
        calls(Operator::GivesUpLate, "a.await;"),
        ["gives_up(a, std::time::Duration::from_secs(24 * 60 * 60)).await;"]
    );
    assert_eq!(calls(Operator::GivesUpSoon, "rt.block_on(app);").len(), 1);
    // Nobody sees that from within the runtime.
    assert_eq!(calls(Operator::Lingers, "rt.block_on(app);"), [""; 0]);
    // Nothing is waited for, or nothing that has an outcome.
    assert_eq!(calls(Operator::AsksByTheClock, "yield_now().await;"), [""; 0]);
    assert_eq!(calls(Operator::GivesUpSoon, "sleep(time).await;"), [""; 0]);
    assert_eq!(calls(Operator::AsksByTheClock, "sleep(time).await;").len(), 1);
}

#[test]
fn a_value_is_taken_for_none() {
    let zero = Operator::TakesZeroForNothing;
    assert_eq!(calls(zero, "let x = a().await;"), ["let x = wants_something(a()).await;"]);
    assert_eq!(calls(zero, "a().await;"), [""; 0]);
    assert_eq!(
        calls_in(zero, "pub fn f(name: &str, room: Room) {\n    a()\n}\n"),
        ["pub fn f(name: &str, room: Room) { something(&name);"]
    );
    assert_eq!(
        calls(zero, "for id in ids { ask(id) }"),
        ["for id in ids.into_iter().inspect(|value| { something(value); }) { ask(id) }"]
    );
    assert_eq!(calls(zero, "for task in tasks { task.await; }"), [""; 0]);
    assert_eq!(calls(zero, "keep(&rows[n]);"), ["keep(&*something(&rows[n]));"]);
    assert_eq!(
        calls(zero, "let Some(mail) = next else { return };"),
        ["let Some(mail) = next.inspect(|value| { something(value); }) else { return };"]
    );
}

#[test]
fn values_get_lost() {
    assert_eq!(
        calls(Operator::LosesRepeated, "while let Some(x) = a() { b(x) }"),
        ["while let Some(x) = a() { if is_repeated(&x) { continue; } b(x) }"]
    );
    assert_eq!(calls(Operator::LosesRepeated, "for task in tasks { task.await; }"), [""; 0]);
    assert_eq!(
        calls(Operator::LosesEqual, "names.push(a());"),
        ["{ let item = a(); if !names.contains(&item) { names.push(item); } };"]
    );
    assert_eq!(calls(Operator::LosesEqual, "tasks.push(tokio::spawn(a));"), [""; 0]);
    assert_eq!(
        calls(Operator::SendsWithoutWaiting, "tx.send(x).await.unwrap();"),
        ["sent(tx.try_send(x)).unwrap();"]
    );
}

#[test]
fn a_poll_goes_wrong() {
    assert_eq!(
        calls(Operator::AsksAgainNextTime, "a.as_mut().poll(cx);"),
        ["busy_next_time(a.as_mut(), cx);"]
    );
    assert_eq!(calls(Operator::KeepsFirstWaker, "a.poll(cx);"), ["stale(a, cx);"]);
    // Its own context has one waker.
    assert_eq!(calls(Operator::KeepsFirstWaker, "a.poll(&mut cx);"), [""; 0]);
    assert_eq!(calls(Operator::HandsWakerDownOnce, "a.poll(&mut cx);"), ["deaf(a, &mut cx);"]);
    let poll = |body: &str| {
        format!("pub fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {{\n{body}\n}}\n")
    };
    assert_eq!(
        calls_in(Operator::AsksAgainNextTime, &poll("a();\nPoll::Pending")),
        ["asking_next_time(Poll::Pending, cx.waker())"]
    );
    let wakes_itself = poll("cx.waker().wake_by_ref();\nPoll::Pending");
    assert_eq!(calls_in(Operator::AsksAgainNextTime, &wakes_itself), [""; 0]);
}

#[test]
fn the_first_waker_is_kept() {
    assert_eq!(
        made(Operator::KeepsFirstWaker, "s.waker = Some(cx.waker().clone());"),
        ["if s.waker.is_none() { s.waker = Some(cx.waker().clone()); };"]
    );
    assert_eq!(
        made(Operator::KeepsFirstWaker, "s.wakers.push(waker);"),
        ["if s.wakers.is_empty() { s.wakers.push(waker); };"]
    );
    assert_eq!(made(Operator::KeepsFirstWaker, "s.number = Some(1);"), [""; 0]);
}

#[test]
fn locks_are_held_too_long_or_not_long_enough() {
    let twice = "let mut s = m.lock().unwrap();\nif s.set { return }\ns.set = true;\nlog();\ns.waker = None;\ndrop(s);";
    assert_eq!(
        made(Operator::SplitsLock, twice),
        [
            "if s.set { return } drop(s); let mut s = m.lock().unwrap();",
            "log(); drop(s); let mut s = m.lock().unwrap();"
        ]
    );
    let poll = "pub fn poll(&self, cx: &mut Context<'_>) {\n    let s = m.lock().unwrap();\n    a(&s);\n    b(&s);\n}\n";
    assert_eq!(
        made_in(Operator::SplitsLock, poll),
        ["a(&s); drop(s); drop(cx.waker().clone()); let s = m.lock().unwrap();"]
    );
    assert_eq!(made(Operator::SplitsLock, "let s = m.lock().unwrap();\nlet x = s.x;\na(x);"), [""; 0]);
    assert_eq!(
        made(Operator::WidensLock, "let all = {\nlet mut s = m.lock().unwrap();\ns.all()\n};\nwake(all);"),
        ["let mut s = m.lock().unwrap(); let all = {"]
    );
}

#[test]
fn tasks_are_spawned_in_other_ways() {
    let task = "let t = tokio::spawn(a());";
    assert_eq!(calls(Operator::ThreeAtATime, task), ["let t = tokio::spawn(three_at_a_time(a()));"]);
    assert_eq!(calls(Operator::NoTask, task), ["let t = no_task(a());"]);
    let each = "x.map(tokio::spawn).collect();";
    assert_eq!(
        calls(Operator::ThreeAtATime, each),
        ["x.map(|future| tokio::spawn(three_at_a_time(future))).collect();"]
    );
    assert_eq!(calls(Operator::PoolForEach, each), ["x.map(on_the_pool).collect();"]);
    assert_eq!(calls(Operator::SwallowsPanics, "set.spawn(a());"), ["set.spawn(swallows_panics(a()));"]);
    assert_eq!(calls(Operator::ThreadForEach, "spawn_local(a());"), [""; 0]);
    assert_eq!(calls(Operator::ThreadForEach, "std::thread::spawn(a);"), [""; 0]);
    assert_eq!(calls(Operator::OneAtATime, "spawn_blocking(a);"), ["spawn_blocking(in_turn(a));"]);
}

#[test]
fn handles_are_not_listened_to() {
    let ignored = Operator::IgnoresErrors;
    assert_eq!(made(ignored, "task.await.expect(\"no panic\");"), ["let _ = task.await;"]);
    assert_eq!(made(ignored, "a(task.await?);"), ["a(task.await.unwrap_or_default());"]);
    assert_eq!(made(ignored, "let x = task.await.unwrap();"), ["let x = task.await.unwrap_or_default();"]);
    assert_eq!(made(ignored, "let x = build()?;"), [""; 0]);
    assert_eq!(
        made(Operator::SleepsForHandle, "task.await.unwrap();"),
        ["tokio::time::sleep(std::time::Duration::from_secs(1)).await;"]
    );
}

#[test]
fn somebody_else_waits() {
    let given = "pub async fn f(rate: R, n: u32) {\n    rate.await;\n    other.await;\n}\n";
    assert_eq!(calls_in(Operator::WaitsOnThread, given), ["waits_on_a_thread(rate).await;"]);
    assert_eq!(calls(Operator::WaitsInRuntime, "join!(a, b());"), ["join!(waits_on_a_runtime(a), b());"]);
}

#[test]
fn loops_and_limits_keep_another_time() {
    assert_eq!(
        made_in(
            Operator::CountsFromStart,
            "pub async fn f() {\n    loop {\n        sleep(time).await;\n    }\n}\n"
        ),
        [
            "pub async fn f() { let mut last = tokio::time::Instant::now(); … tokio::time::sleep_until({ last += time; \
             last }).await;"
        ]
    );
    assert_eq!(made(Operator::CountsFromStart, "sleep(time).await;"), [""; 0]);
    assert_eq!(calls(Operator::ClockFirst, "timeout(limit, a).await;"), ["clock_first(limit, a).await;"]);
    assert_eq!(
        made(Operator::StopsAfterTen, "loop { if a() { return Ok(1); } }"),
        [
            "let mut rounds = 0; loop { rounds += 1; if rounds > 10 { return Ok(Default::default()); } if a() { return Ok(1); } }"
        ]
    );
}

#[test]
fn threads_look_in_circles() {
    assert_eq!(calls(Operator::AsksAgainNextTime, "thread::park();"), ["parks_once();"]);
    assert_eq!(
        made(Operator::AsksByTheClock, "thread::park();"),
        ["std::thread::park_timeout(std::time::Duration::from_millis(5));"]
    );
    assert_eq!(made(Operator::AsksByTheClock, "let g = alarm.wait_while(g, |w| !*w).unwrap();").len(), 1);
}

#[test]
fn calls_share_what_each_should_have() {
    let turn = Operator::OneCallAtATime;
    assert_eq!(
        calls_in(turn, "pub async fn f() {\n    a();\n}\nasync fn g() {\n    b();\n}\n"),
        ["pub async fn f() { let _turn = turn().await;"]
    );
    assert_eq!(
        calls_in(
            turn,
            "pub fn f() -> impl Future<Output = ()> {\n    async move {\n        a();\n    }\n}\n"
        ),
        ["async move { let _turn = turn().await;"]
    );
    assert_eq!(
        calls_in(turn, "pub fn f() {\n    rt.block_on(a);\n}\n"),
        ["pub fn f() { let _turn = turn_of_threads();"]
    );
    assert_eq!(calls(turn, "a();"), [""; 0]);
    assert_eq!(
        calls(Operator::SharesBetweenCalls, "let a = Arc::new(b);"),
        ["let a = shared(|| Arc::new(b));"]
    );
    assert_eq!(
        calls(Operator::SharesBetweenCalls, "let a = Rc::default();"),
        ["let a = shared_on_thread(|| Rc::default());"]
    );
}

#[test]
fn every_operator_has_a_name_and_a_mistake_of_its_own() {
    let names: BTreeSet<&str> = Operator::ALL.iter().map(|operator| operator.as_str()).collect();
    let mistakes: BTreeSet<&str> = Operator::ALL.iter().map(|operator| operator.mistake()).collect();
    assert_eq!(names.len(), Operator::ALL.len());
    assert_eq!(mistakes.len(), Operator::ALL.len());
}
