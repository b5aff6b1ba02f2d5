//! What is refused, and why.

/// What is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::grader::compile) enum Shape {
    Tied,
    Lasting,
    Borrowed,
    SelfTied,
    Opaque,
    Projection,
    Object,
    SuperBound,
    Aliased,
    Conditional,
    Pointer,
    Macro,
}

impl Shape {
    /// Why, and what to write instead.
    pub(in crate::grader::compile) fn words(self) -> &'static str {
        match self {
            Self::Tied => {
                "two lifetimes meet in one type, and no bound says which of them lasts longer: the compiler has a hole \
                 there that gets around `unsafe` (rust-lang/rust#25860); write the bound where the lifetimes are \
                 declared, as in `<'a, 'b: 'a>`, or use one lifetime"
            }
            Self::Lasting => {
                "a lifetime with the bound `'static` is not allowed in this exercise: the compiler has a hole there \
                 that gets around `unsafe` (rust-lang/rust#25860); write `'static` in its place"
            }
            Self::Borrowed => {
                "a type that wants `'static` is given a lifetime here: the compiler has a hole there that gets around \
                 `unsafe` (rust-lang/rust#25860); take the `'static` out of that type, or the lifetime out of this one"
            }
            Self::SelfTied => {
                "a method that is used as a value gives a lifetime of its type out as that of `&self`: the compiler has \
                 a hole there that gets around `unsafe` (rust-lang/rust#25860); name the lifetime in what the method \
                 returns, or call the method"
            }
            Self::Opaque => {
                "an `impl` type that is `'static` and has another lifetime in it is not allowed in this exercise: the \
                 compiler has a hole there that gets around `unsafe` (rust-lang/rust#112905); leave one of them out"
            }
            Self::Projection => {
                "an associated type of what is `'static` is taken to be `'static`, too: the compiler has a hole there \
                 that gets around `unsafe` (rust-lang/rust#84366); write that bound as well, as in `T::Item: 'static`"
            }
            Self::Object => {
                "a trait with an associated type, an `impl` of it for every `T: ?Sized` and a `dyn` of it do not go \
                 together in this exercise: the compiler has a hole there that gets around `unsafe` \
                 (rust-lang/rust#57893); leave `?Sized` out, or use generics in place of `dyn`"
            }
            Self::SuperBound => {
                "a `dyn` of a trait that bounds an associated type of its supertrait is not allowed in this exercise: \
                 the compiler does not check that bound, which gets around `unsafe` (rust-lang/rust#152607); write the \
                 bound where the type is declared"
            }
            Self::Aliased => {
                "an `impl` for an associated type, `<… as …>::…`, is not allowed in this exercise: the compiler has a \
                 hole there that gets around `unsafe` (rust-lang/rust#100051, rust-lang/rust#152783); write the type itself"
            }
            Self::Conditional => {
                "an associated type that is there for some lifetimes only is not allowed in this exercise: the compiler \
                 has a hole there that gets around `unsafe` (rust-lang/rust#154172); write the bound at the trait"
            }
            Self::Pointer => {
                "an associated type among the parameters of a function pointer is not allowed in this exercise: the \
                 compiler has a hole there that gets around `unsafe` (rust-lang/rust#161404); write the type itself"
            }
            Self::Macro => {
                "a macro of your own that writes traits, `impl`s or lifetimes is not allowed in this exercise: it could \
                 hide what gets around `unsafe`; write them without the macro"
            }
        }
    }
}
