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
    Implying,
    Macro,
    Elsewhere,
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
                "an `impl` type that is `'static` and has in it what may not last so long is not allowed in this exercise: \
                 the compiler has a hole there that gets around `unsafe` (rust-lang/rust#112905); leave out the lifetime, \
                 or the `'static`, or say `T: 'static` of a type parameter"
            }
            Self::Projection => {
                "an associated type is taken to last as long as its type: the compiler has a hole there that gets around \
                 `unsafe` (rust-lang/rust#84366); write a bound for it as well, as in `T::Item: 'static`"
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
                "an `impl` with an associated type, `<… as …>::…`, in its head is not allowed in this exercise: the compiler \
                 has a hole there that gets around `unsafe` (rust-lang/rust#100051, rust-lang/rust#152783); write the type \
                 itself"
            }
            Self::Conditional => {
                "an associated type that is there for some lifetimes only is not allowed in this exercise: the compiler \
                 has a hole there that gets around `unsafe` (rust-lang/rust#154172); write the bound at the trait"
            }
            Self::Pointer => {
                "an associated type among the parameters of a function pointer is not allowed in this exercise: the \
                 compiler has a hole there that gets around `unsafe` (rust-lang/rust#161404); write the type itself"
            }
            Self::Implying => {
                "a function that takes a reference to what may hold another one is made a pointer or a value here, which is \
                 not allowed in this exercise: the compiler has a hole there that gets around `unsafe` \
                 (rust-lang/rust#25860); call the function"
            }
            Self::Macro => {
                "a macro of your own that writes items, lifetimes or other macros is not allowed in this exercise: \
                 it could hide a way around `unsafe`; write them without the macro"
            }
            Self::Elsewhere => {
                "code from another file is not allowed in this exercise: it could hide a way around `unsafe`; write \
                 it here"
            }
        }
    }
}
