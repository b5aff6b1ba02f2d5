use std::fs;
use std::path::Path;

use super::look::{Look, look};

/// The message of a refusal; empty where there is none.
fn refusal(text: &str) -> String {
    look(text, "e.rs").refused.map(|found| found.message).unwrap_or_default()
}

fn review(text: &str) -> Option<String> {
    let Look { refused, review } = look(text, "e.rs");
    assert_eq!(refused, None, "{text}");
    review
}

fn all_say(number: &str, texts: &[&str]) {
    for text in texts {
        assert!(refusal(text).contains(number), "{text}\nsays {:?}", refusal(text));
    }
}

fn all_pass(texts: &[&str]) {
    for text in texts {
        assert_eq!(look(text, "e.rs"), Look::default(), "{text}");
    }
}

#[test]
fn the_word_is_found_wherever_it_is_code() {
    for text in [
        "#[unsafe(naked)] pub extern \"C\" fn f() {}",
        "macro_rules! m { () => { unsafe {} } }",
        "fn f() { g(|| { unsafe { h() } }) }",
        "unsafe extern \"C\" {}",
        "m!(r#unsafe)",
    ] {
        assert!(refusal(text).starts_with("`unsafe`"), "{text}");
    }
    let found = look("fn f() {}\n  unsafe fn g() {}\n", "e.rs").refused.unwrap();
    let place = found.place.unwrap();
    assert_eq!((place.line, place.column), (2, 3));
}

#[test]
fn groups_in_groups_cost_no_stack() {
    let deep = |word: &str, deep: usize| format!("m! {{ {}{word}{} }}", "(".repeat(deep), ")".repeat(deep));
    assert!(refusal(&deep("unsafe", 9_000)).starts_with("`unsafe`"));
    all_pass(&[&deep("safe", 9_000), &format!("fn f(_: {}u8) {{}}", "&'a ".repeat(5_000))]);
    // Without a look at each of its pairs.
    assert!(refusal(&deep("safe", 100_000)).contains("too long"));
}

#[test]
fn what_cannot_be_looked_at_is_not_let_through() {
    // The compiler skips such a line; here it would end the text, or hide what follows.
    for text in ["#!/\"((\nfn f() {}", "#!/*\nfn f() {}\n//*/", "\u{feff}#!x\n", "#! //\n[x]"] {
        assert!(refusal(text).contains("`#!`"), "{text}");
    }
    let found = look("fn f() {\n  \"", "e.rs").refused.unwrap();
    assert!(found.message.contains("cannot be checked"), "{}", found.message);
    all_pass(&["#![allow(dead_code)]\nfn f() {}", "\u{feff}#! [allow(dead_code)]"]);
    all_say("another file", &["include!(\"a.rs\");", "use std::include as i;", "pub mod other;"]);
    all_pass(&["const A: &str = include_str!(\"a.txt\"); mod a {} fn include() { include(); }"]);
}

/// The head of an `impl` is not looked at anew with each of its functions.
#[test]
fn large_heads_and_many_functions_are_looked_at_once() {
    let head = "T::O, ".repeat(1500);
    let functions = "fn f(self, x: T::O) -> dyn A {} ".repeat(400);
    assert!(refusal(&format!("impl<T: I + 'static> A for ({head}) {{ {functions} }}")).contains("#84366"));
}

#[test]
fn in_comments_and_strings_it_is_only_a_word() {
    all_pass(&[
        "// unsafe\nfn f() {}",
        "/// unsafe\nfn f() {}",
        "fn f() -> &'static str { \"unsafe\" }",
        "fn unsafely() {}",
    ]);
}

#[test]
fn two_lifetimes_in_one_type_need_a_bound() {
    all_say(
        "#25860",
        &[
            "fn carry<'l, 's>(_: &'l &'s (), value: &'s str) -> &'l str { value }",
            "fn carry<'l, 's>(_: &'l mut &'s (), value: &'s str) -> &'l str { value }",
            "fn carry<'l, 's>(_: Ref<'l, Ref<'s, ()>>, value: &'s str) -> &'l str { value }",
            "fn carry<'l, 's>(_: Both<'l, 's>, value: &'s str) -> &'l str { value }",
            "fn carry<'l, 's>(_: &'l (dyn Held + 's), value: &'s str) -> &'l str { value }",
            "fn carry<'l, 's>(_: Option<&'l Vec<&'s ()>>, value: &'s str) -> &'l str { value }",
            // A bound, but none between the two.
            "fn carry<'l, 's: 's>(_: &'l &'s (), value: &'s str) -> &'l str { value }",
            "impl<'l, 's: 'l> A<'l, 's> { fn b() { fn carry<'l, 's>(_: &'l &'s ()) {} } }",
            "fn two<S: for<'p, 'q> Sub<'p, 'q, &'q &'p ()>>() {}",
            "fn make() -> for<'s> fn(&'s str) -> ([&'static &'s (); 0], &'static str) { f }",
            "fn make() -> fn(&str) -> ([&'static &(); 0], &'static str) { f }",
            "fn make() -> fn(&str) -> (Both<'static, '_>, &'static str) { f }",
            "type Ever<'a> = &'static &'a ();",
        ],
    );
    all_pass(&[
        "fn carry<'l, 's: 'l>(_: &'l &'s (), value: &'s str) -> &'l str { value }",
        "fn carry<'l, 's>(_: &'l Both<'l, 's>, value: &'s str) -> &'l str where 's: 'l { value }",
        "struct Parser<'t, 'c> { context: &'c Context<'t> }",
        "impl<'t: 'c, 'c> Parser<'t, 'c> { fn next(&mut self, context: &'c Context<'t>) {} }",
        "fn f<'a>(x: &'a str, names: &'a [&'a str], all: &'static [&'static str]) -> &'a str { x }",
        "fn f<'a>(x: &'a HashMap<&'static str, &'a str>) -> Pin<Box<dyn Future<Output = &'a str> + Send + 'a>> { x }",
        "const NAMES: &'static [&str] = &[\"a\"];",
        "fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { 'outer: loop { if 1 < 2 { break 'outer } } }",
        "fn f<'a, 'b>(x: &'a str, y: &'b str) -> &'a str { x }",
        "fn f<'a>(x: &'a str) -> Cow<'a, str> { x }",
    ]);
}

#[test]
fn bounds_that_may_not_be_there_are_not_believed() {
    all_say(
        "#25860",
        &[
            "fn a<'l, 's: 'l>() { fn carry<#[cfg(all())] 'l, #[cfg(all())] 's>(_: &'l &'s (), v: &'s u8) -> &'l u8 { v } }",
            "fn carry<'l, #[cfg(all())] 's, #[cfg(any())] 's: 'l>(_: &'l &'s (), v: &'s u8) -> &'l u8 { v }",
        ],
    );
    all_pass(&["fn carry<#[cfg(all())] 'l>(_: &'l &'l (), v: &'l u8) -> &'l u8 { v }"]);
}

#[test]
fn pointers_to_functions_imply_nothing_of_lifetimes() {
    all_say(
        "#25860",
        &[
            "type Carry<T> = for<'x> fn(&'x Option<T>, T) -> Box<dyn Debug + 'x>;",
            "fn f(v: &[u8]) { let f: for<'x> fn(&'x &'static [u8], _) -> Box<dyn Debug + 'x> = Carry::carry; }",
            "fn f(v: &u8) { let f: fn(_, &u8) -> &'static u8 = g; }",
            "struct Both<'l>(&'l ()); type F = fn(Both) -> &u8;",
            "type F = fn(&(dyn Debug), &u8) -> &u8;",
            "type F = fn(Cow<Whole>, &Vec<&'static ()>) -> &u8;",
            "type F = fn((&&()), &u8) -> &u8;",
            "type F = fn(&nested!(), &u8) -> &u8;",
            "use std::cell::Ref as Plain; type F = fn(&Plain<()>) -> &u8;",
            // Nobody writes a pointer, and there is one.
            "fn a<T: Debug>(_: &Option<T>, x: T) -> Box<dyn Debug + '_> { Box::new(x) } fn f() { [a, b][0](&None, 1) }",
            "fn a<'x, T>(_: &'x T, (x, y): (T, u8), to: &mut Vec<Box<dyn Debug + 'x>>) {} fn f() { if c { a } else { b } }",
            "trait A: Sized { fn a(&self, x: Self) -> Box<dyn Debug + '_> { Box::new(x) } } fn f() { [A::a, A::b] }",
        ],
    );
    all_pass(&[
        "fn f(g: fn(&str, usize) -> &str, h: fn(u8) -> Box<dyn Debug>, i: fn(&mut Job, Duration) -> Vec<&str>) {}",
        "struct Hook<T>(fn(T) -> T); struct Job; type Run = fn(job: &Job) -> Pin<Box<dyn Future<Output = ()> + '_>>;",
        "fn a<T>(_: &T, x: T) -> Box<dyn Debug + '_> { Box::new(x) } fn f() { a(&1, 2) }",
        "fn a<T: Debug>(x: &T) -> String { f(x) } fn f(all: &[u8]) { all.iter().map(a) }",
        "impl Job { fn run(&self) -> Pin<Box<dyn Future<Output = ()> + '_>> { f() } } fn f(all: &[Job]) { all.iter().map(Job::run) }",
        "type Poll = fn(&mut Context<'_>) -> bool; type Show = fn(&Job, &mut Formatter<'_>) -> fmt::Result;",
    ]);
}

#[test]
fn what_is_taken_to_last_for_ever_is_written_so() {
    all_say(
        "#25860",
        &[
            "struct Lasting<'l: 'static>(Option<&'l ()>);",
            "fn f<'l>(_: &'l str) where 'l: 'l + 'static {}",
            "struct Lasting<T: 'static>(Option<T>); fn carry<'s>(_: Lasting<&'s ()>, v: &'s str) -> &'static str { v }",
            "struct Lasting<T>(T) where T: Send + 'static; fn carry<'s>(_: Lasting<&'s ()>) {}",
            "type Ever<T> = &'static T; fn carry<'s>(_: Ever<&'s ()>, v: &'s str) -> &'static str { v }",
        ],
    );
    all_pass(&[
        "struct Pool<T: Send + 'static>(Vec<T>); fn f<'a>(p: &'a Pool<String>) -> &'a str { \"\" }",
        "fn f() { 'static_: loop { break 'static_ } }",
    ]);
}

#[test]
fn a_method_that_ties_self_is_called_or_pointed_out() {
    let method = "impl<'s> Cell<'s> { fn carry<T>(&self, value: &'s T) -> &T { value } }";
    assert_eq!(
        review(&format!("\n{method} fn f(c: &Cell) {{ c.carry(&1); Cell::carry(c, &1); }}")).as_deref(),
        Some("line 2: a method that gives a lifetime of its type out as that of `&self`")
    );
    all_say(
        "#25860",
        &[
            &format!(
                "{method} fn f() {{ let f: for<'x> fn(&'x Cell<'static>, &'s u8) -> &'x u8 = Cell::<'s>::carry::<u8>; }}"
            ),
            "trait Carry<'s> { fn carry<'l>(self: &'l Self, v: &'s u8) -> &'l u8; } fn f() { let f = <() as Carry>::carry; }",
        ],
    );
    all_say(
        "#25860",
        &[
            "impl<'s> Cell<'s> { fn carry<'l>(_: Option<&'l Self>, value: &'s u8) -> &'l u8 { value } } fn f() { g(Cell::carry) }",
            "impl<'s> Carry for &'s () { fn carry<'l>(this: &'l Self, v: Self::Val) -> &'l u8 { v } } fn f() { g(<&()>::carry) }",
        ],
    );
    all_pass(&[
        "impl<'s> Cell<'s> { fn get(&self, key: &'s str) -> &'s str { key } fn all(&self) -> &str { self.0 } }",
    ]);
}

#[test]
fn associated_types_of_what_lasts_are_bounded_as_well() {
    all_say(
        "#84366",
        &[
            "fn launder<I: Iterator + 'static>(_: &I, x: I::Item) -> Box<dyn Any> { Box::new(x) }",
            "fn launder<I>(_: &I, x: Option<<I as Iterator>::Item>) where I: Iterator + 'static {}",
            "type Of<I> = <I as Iterator>::Item; fn launder<I: Iterator + 'static>(_: &I, x: Of<I>) {}",
            "struct Kept<I: Iterator>(I::Item); fn launder<I: Iterator + 'static>(kept: Kept<I>) {}",
            "fn launder<I: Iterator + 'static>(kept: Peekable<I>) -> Box<dyn Any> { f }",
            "struct Kept<I: Iterator + 'static>(I, Option<I::Item>);",
            "trait Keeps: Iterator + 'static { fn keep(&self, x: Self::Item) -> Box<dyn Any> { Box::new(x) } }",
            // `'static` by another name, or without one.
            "fn launder<I: Iterator + Any>(_: &I, x: I::Item) { keep(x) }",
            "use std::any::Any as Last; trait Ever: Last {} fn launder<I: Iterator + Ever>(_: &I, x: I::Item) { keep(x) }",
            "fn launder<I: Iterator>(_: &'static I, x: I::Item) { keep(x) }",
            "struct Ever<T: 'static>(T); fn launder<I: Iterator>(_: &Ever<I>, x: I::Item) { keep(x) }",
            "fn launder<I: Iterator>(_: &I, x: I::Item) -> Box<dyn Debug + '_> { Box::new(x) }",
            "fn launder<'x, I: Iterator + 'x>(_: &I, x: I::Item) -> Box<dyn Debug + 'x> { Box::new(x) }",
            "type Kept<'x> = Box<dyn Debug + 'x>; fn launder<I: Iterator>(_: &I, x: I::Item) -> Kept<'_> { Box::new(x) }",
            "struct Kept<'x>(Box<dyn Debug + 'x>); trait Take<'x> { fn take(&self, kept: Kept<'x>); } fn launder<'x, I: Iterator, T: Take<'x>>(_: &'x I, x: I::Item, to: T) {}",
            "type Ever<T> = &'static T; fn launder<I: Iterator>(_: Ever<I>, x: I::Item) { keep(x) }",
            "struct Kept<I: Iterator>(I::Item); struct Outer<I: Iterator>(Kept<I>); fn launder<I: Iterator + 'static>(x: Outer<I>) { keep(x.0.0) }",
            "fn launder<'s, I: Iterator>(scope: &'s Scope<'s, '_>, _: &'s I, x: I::Item) { scope.spawn(|| x); }",
            // Given by a trait.
            "fn launder<I: Iterator + 'static, G: FnOnce() -> I::Item>(_: &I, give: G) { keep(give()) }",
            "trait Give<I: Iterator> { fn give(self) -> I::Item; } fn launder<I: Iterator + 'static, G: Give<I>>(g: G) { keep(g.give()) }",
            "trait Give { type I: Iterator + 'static; fn give(self) -> <Self::I as Iterator>::Item; } fn launder<G: Give>(g: G) { keep(g.give()) }",
            "impl<I: Iterator + 'static> Keep for (I, I::Item) { fn keep(self) { keep(self.1) } }",
        ],
    );
    all_say(
        "#112905",
        &[
            "fn maker<'a>() -> impl Fn() -> &'a str + 'static { || \"\" }",
            "fn make<'a>() -> Peekable<impl Iterator<Item = &'a str> + 'static> { f }",
            "fn make(_: &str) -> impl Iterator<Item = &str> + 'static { f }",
            "fn make<'a>() -> Peekable<impl Iterator<Item = &'a str> + Any> { f }",
            "fn make<T: Default>() -> Peekable<impl Iterator<Item = T> + 'static> { f }",
            "fn make<F: Future + 'static>() -> impl Iterator<Item = F::Output> + 'static { f }",
        ],
    );
    all_pass(&[
        "fn make<T: Default + 'static>() -> impl Iterator<Item = T> + 'static { f }",
        "fn sum<I: Iterator>(items: I, first: I::Item) -> I::Item { first }",
        "fn lend<I: Iterator>(_: &I, x: I::Item) -> Box<dyn Debug + '_> where I::Item: Debug + 'static { Box::new(x) }",
        "trait Job { type Of; fn run(&self, x: Self::Of) -> Pin<Box<dyn Future<Output = ()> + '_>>; }",
        "fn f<F: Future + Send + 'static>(f: F) -> JoinHandle<F::Output> where F::Output: Send + 'static { f }",
        "fn f<F>(f: F, to: Sender<F::Output>) where F: Future + 'static, F::Output: Send + 'static {}",
        "fn f<F: Future>(x: F::Output) {}",
        "fn f<I: Iterator<Item = &'static str> + 'static>(i: I) -> impl Fn(&str) -> bool + 'static { g }",
    ]);
    assert_eq!(
        review("fn f<'a>() { let f = || -> &'a str { \"\" }; }").as_deref(),
        Some("line 1: a closure with a lifetime in what it returns")
    );
}

#[test]
fn objects_and_impls_for_all_do_not_go_together() {
    let object = "trait Object<U> { type Output; } ";
    all_say(
        "#57893",
        &[
            &format!(
                "{object} impl<T: ?Sized, U> Object<U> for T {{ type Output = U; }} fn f(_: dyn Object<U, Output = T>) {{}}"
            ),
            &format!(
                "{object} impl<T, U> Object<U> for T where T: ?Sized {{ type Output = U; }} fn f(_: &dyn self::Object<U>) {{}}"
            ),
            &format!(
                "{object} trait Sub: Object<u8> {{}} impl<T: ?Sized + Named, U> Object<U> for T {{}} type D = dyn Send + Sub;"
            ),
            &format!(
                "{object} impl<T: ?Sized, U> Object<U> for ((T)) {{}} type D = dyn Send + (Object<u8>);"
            ),
            &format!(
                "{object} use Object as Other; impl<T: ?Sized, U> Other<U> for T {{}} type D = dyn Other<u8>;"
            ),
        ],
    );
    assert!(
        review(&format!("{object} fn f(_: &dyn Object<u8, Output = u8>) {{}}"))
            .unwrap()
            .contains("`dyn` of a trait")
    );
    assert!(
        review(&format!("{object} impl<T: ?Sized, U> Object<U> for T {{}}"))
            .unwrap()
            .contains("every `T: ?Sized`")
    );
    all_say(
        "#152607",
        &[
            "trait Super { type Out; } trait Sub: Super<Out: Copy> {} fn f(_: &dyn Sub<Out = String>) {}",
            "trait Sub: Iterator<Item: Copy> {} trait Low: Sub {} fn f(_: &dyn Low<Item = String>) {}",
        ],
    );
    all_say(
        "#152783",
        &[
            "impl<K> Kind<K> for <Tag as Names>::Name { type Is = u8; }",
            "impl<'s, 'l> Carry for <&'l &'s () as Shape>::Is {}",
            "impl<K> Kind<K> for name!() { type Is = u8; }",
            "impl<K> Kind<K> for (<Tag as Names>::Name) { type Is = u8; }",
            "type Id<T> = T; impl<K> Kind<K> for Id<<Tag as Names>::Name> { type Is = u8; }",
            "impl<'s, 'l> Carry<'s, 'l, <&'l &'l () as Shape>::Is> for () {}",
            "type Alias = Id<<Tag as Names>::Name>; impl<K> Kind<K> for Alias { type Is = u8; }",
            "type Alias = <Tag as Names>::Name; type Other = Alias; impl<K> Kind<K> for Other { type Is = u8; }",
        ],
    );
    all_pass(&[
        "trait Show { fn show(&self); } impl<T: ?Sized + Debug> Show for T { fn show(&self) {} } fn f(_: &dyn Show) {}",
        "trait Job { type Out; } impl<T: Job + ?Sized> Job for Box<T> { type Out = T::Out; } fn f(_: &dyn Fn()) {}",
        "trait Sub: Iterator<Item = u8> {} fn f(_: &dyn Sub, _: &dyn Iterator<Item = u8>) {}",
        "impl Iterator for Steps { type Item = <Inner as Iterator>::Item; }",
    ]);
}

#[test]
fn associated_types_that_hide_lifetimes_are_refused() {
    all_say("#154172", &["trait Apply<T> { type To: Has<Is = T> where T: 'static; }"]);
    all_say(
        "#161404",
        &[
            "impl<T> Overlap<for<'a> fn(&'a T::Item)> for T {}",
            "impl Probe for Wrap<for<'a> fn(<&'a u64 as Id>::Out)> {}",
            "type Unit<'a, T> = <T as ToUnit<'a>>::Unit; impl<T> Overlap<for<'a> fn(&'a (), Unit<'a, T>)> for T {}",
        ],
    );
    all_say(
        "macro of your own",
        &[
            "macro_rules! r { ($l:lifetime) => { &$l () } }",
            "macro_rules! r { ($l:tt) => { &$l () } } fn f<'a>(_: r!('a)) {}",
            "macro_rules! r { ([$($a:tt)*] [$($b:tt)*]) => { $($a)* $($b)* } } r! { [impl<T: ?Sized>] [Object for T {}] }",
            "macro_rules! r { ($t:ident) => { trait $t { type Output; } } }",
            "macro_rules! r { ($t:ty) => { <$t as Iterator>::Item } }",
            "macro_rules! r { ($a:tt $b:tt $c:tt) => { <$a $b $c>::Item } }",
            "macro_rules! make { ($n:ident) => { macro_rules! $n { ($l:tt $s:tt) => { g!($l $s) } } } } make!(r); r!('l 's);",
            "macro_rules! r { ($f:tt $v:ty) => { $f(&S, $v) -> &u8 } } type F<V> = r!(fn V);",
            // The same name to the compiler.
            "macro_rules! \u{e9} { ($($t:tt)*) => { $($t)* } } e\u{301}! { 'l 's }",
        ],
    );
    all_pass(&[
        "trait Lend { type Item<'a> where Self: 'a; fn next(&mut self) -> Option<Self::Item<'_>>; }",
        "macro_rules! m { ($x:expr) => { 'o: loop { break 'o $x as u8 } } } fn f() { m!(1); vec![1]; }",
        "fn f(g: fn(std::vec::Vec<u8>) -> u8, h: fn(&str)) { let x = a as u8; }",
    ]);
}

#[test]
fn what_may_hide_more_is_pointed_out() {
    for (text, what) in [
        ("fn f<'a, 'b>(x: &'a str, y: &'b str) -> &'a str { x } fn g() { let h = f; }", "used as a value"),
        ("fn f<T: for<'a, 'b> Fn(&'a str, &'b str)>(t: T) {}", "`for<…>`"),
    ] {
        assert!(review(text).unwrap().contains(what), "{text}");
    }
}

/// Each of them has been seen to read any memory with the compiler that this workbook asks for.
#[test]
fn programs_that_go_through_a_hole_are_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks/redirection");
    let mut programs = 0;
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.file_stem().unwrap().to_string_lossy().starts_with("hole_") {
            programs += 1;
            let text = fs::read_to_string(&entry).unwrap();
            let says = text.lines().find_map(|line| line.strip_prefix("//! says: ")).unwrap();
            assert!(refusal(&text).contains(says), "{}: {:?}", entry.display(), refusal(&text));
        }
    }
    assert!(programs >= 25, "{programs}");
}

/// What learners write in this workbook: starters, solutions, right and wrong answers.
#[test]
fn honest_answers_are_neither_refused_nor_pointed_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = ["exercises", "solutions", "tests/right", "tests/wrong", "tests/equivalent"]
        .map(|at| root.join(at))
        .to_vec();
    let (mut texts, mut complaints) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                texts += 1;
                let text = fs::read_to_string(&entry).unwrap();
                let Look { refused, review } = look(&text, "e.rs");
                // Exercises that allow `unsafe` are not looked at.
                let said = refused.map(|said| format!("{:?} {}", said.place, said.message)).or(review);
                let said = said.filter(|said| !said.contains("`unsafe` is not allowed"));
                complaints.extend(said.map(|said| format!("{}: {said}", entry.display())));
            }
        }
    }
    assert!(texts > 1000, "{texts}");
    assert!(complaints.is_empty(), "{} of {texts}:\n{}", complaints.len(), complaints.join("\n"));
}
