//! The declarations every aggregate makes: its events, its refusals, and its lists of names. What is
//! the same for each is written here, once.

/// Declares an enum whose variants are stable names: in the log, in facts, in views.
#[macro_export]
macro_rules! named {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $text)] $variant ),*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),* ];

            /// The one with that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $text ),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

/// Declares an aggregate's events: the enum, its `DomainEvent`, and the list of all event types.
///
/// An event's stored type is the aggregate's prefix and the variant's name (`IepSigned`), unique
/// over all aggregates; its version is `1` unless `= N` stands behind the variant's name.
macro_rules! events {
    (
        $(#[$meta:meta])*
        pub enum $name:ident, prefix $prefix:literal {
            $( $(#[$variant_meta:meta])* $variant:ident $(= $version:literal)? { $($body:tt)* } ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant { $($body)* } ),*
        }

        impl $name {
            /// Every event type of this aggregate, with its current version.
            pub const TYPES: &'static [(&'static str, &'static str)] = &[
                $( (concat!($prefix, stringify!($variant)), events!(@version $($version)?)) ),*
            ];

            /// The stored type and the current version.
            pub fn type_and_version(&self) -> (&'static str, &'static str) {
                match self {
                    $( Self::$variant { .. } => (
                        concat!($prefix, stringify!($variant)),
                        events!(@version $($version)?),
                    ) ),*
                }
            }
        }

        impl cqrs_es::DomainEvent for $name {
            fn event_type(&self) -> String {
                self.type_and_version().0.to_owned()
            }
            fn event_version(&self) -> String {
                self.type_and_version().1.to_owned()
            }
        }
    };
    (@version) => { "1" };
    (@version $version:literal) => { $version };
}

/// Declares an aggregate's refusals: one variant a rule, with a stable code, the rule's source, the
/// facts it was decided on (the variant's fields), behind `at` the input field it concerns, and behind `called` the
/// fact that is told in languages too.
macro_rules! refusals {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                #[doc = $doc:literal]
                $variant:ident $({ $($field:ident : $type:ty),* $(,)? })?
                    = $code:literal, $rule:literal $(, at $path:literal)? $(, called $called:ident)?
            );* $(;)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, thiserror::Error)]
        pub enum $name {
            $(
                #[doc = $doc]
                #[error("{}", $crate::shared::Refuse::refusal(self))]
                $variant $({ $(#[doc = "A fact it was decided on."] $field: $type),* })?
            ),*
        }

        impl $crate::shared::Refuse for $name {
            const CODES: &'static [$crate::shared::Code] = &[
                $( $crate::shared::Code { code: $code, rule: $rule, meaning: $doc } ),*
            ];

            fn refusal(&self) -> $crate::shared::Refusal {
                match self {
                    $(
                        Self::$variant $({ $($field),* })? => $crate::shared::Refusal {
                            code: $code,
                            rule: $rule,
                            facts: refusals!(@facts [ $( $( $field ),* )? ] $($called)?),
                            field: refusals!(@path $($path)?),
                            by: None,
                        }
                    ),*
                }
            }
        }
    };
    (@facts [ $($field:ident),* ]) => {
        vec![ $( $crate::shared::Fact::new(stringify!($field), $field) ),* ]
    };
    (@facts [ $($field:ident),* ] $called:ident) => {{
        let mut facts = refusals!(@facts [ $($field),* ]);
        facts.extend($called.facts(stringify!($called)).skip(1));
        facts
    }};
    (@path) => { None };
    (@path $path:literal) => { Some($path) };
}

/// Makes a state with `decide(&self, command)` and `evolve(&mut self, event)` an aggregate of
/// cqrs-es. A refused command has written nothing, because `decide` only looks. The state as it is kept
/// has format 1 unless `format N` stands at the end.
macro_rules! aggregate {
    (@format) => { 1 };
    (@format $format:literal) => { $format };
    (
        $state:ident, $kind:literal, $command:ident, $event:ident, $error:ident
        $(, format $format:literal)?
    ) => {
        impl cqrs_es::Aggregate for $state {
            const TYPE: &'static str = $kind;
            type Command = $command;
            type Event = $event;
            type Error = $error;
            type Services = ();

            async fn handle(
                &mut self,
                command: $command,
                _: &(),
                sink: &cqrs_es::event_sink::EventSink<Self>,
            ) -> Result<(), $error> {
                for event in $crate::shared::Decide::decide(self, command)? {
                    sink.write(event, self).await;
                }
                Ok(())
            }

            fn apply(&mut self, event: $event) {
                self.evolve(event);
            }
        }

        impl $crate::shared::Decide for $state {
            const STATE_FORMAT: i64 = aggregate!(@format $($format)?);

            fn decide(&self, command: $command) -> Result<Vec<$event>, $error> {
                self.decide(command)
            }
        }
    };
}
