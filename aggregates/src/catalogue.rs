//! The sum types over all aggregates, made from one list.

macro_rules! catalogue {
    ($( $kind:ident : $state:path, $command:path, $event:path, $error:path, $id:path; )*) => {
        /// A command with the aggregate it is for.
        #[derive(Debug, Clone)]
        pub struct Act {
            /// Which aggregate of the command's kind.
            pub id: String,
            /// What is asked of it.
            pub command: Command,
            /// Whether its id was made for it a moment ago, so that nothing can have happened to it yet.
            pub new: bool,
        }

        /// What may be asked of any aggregate.
        #[derive(Debug, Clone)]
        #[allow(missing_docs, reason = "named after the aggregates")]
        pub enum Command { $( $kind($command) ),* }

        $(
            impl $command {
                /// This command, asked of that aggregate.
                pub fn of(self, id: $id) -> Act {
                    Act { id: id.to_string(), command: Command::$kind(self), new: false }
                }

                /// The same of one whose id was made for this command, at random: what is decided on that is not
                /// held against the log if it writes nothing.
                pub fn of_new(self, id: $id) -> Act {
                    Act { new: true, ..self.of(id) }
                }
            }
        )*

        /// What can have happened to any aggregate.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "named after the aggregates")]
        pub enum Event { $( $kind($event) ),* }

        $(
            impl From<$event> for Event {
                fn from(event: $event) -> Self {
                    Self::$kind(event)
                }
            }
        )*

        /// The state of any aggregate.
        #[derive(Debug, Clone)]
        #[allow(missing_docs, reason = "named after the aggregates")]
        pub enum State { $( $kind($state) ),* }

        impl Command {
            /// The aggregate type it is for.
            pub fn aggregate_type(&self) -> &'static str {
                match self {
                    $( Self::$kind(_) => <$state as cqrs_es::Aggregate>::TYPE ),*
                }
            }

            /// Its variant's name.
            pub fn name(&self) -> &'static str {
                match self {
                    $( Self::$kind(command) => command.into() ),*
                }
            }
        }

        impl Event {
            /// Every aggregate type with its event types and their current versions.
            pub const CATALOGUE: &'static [(&'static str, &'static [(&'static str, &'static str)])] = &[
                $( (<$state as cqrs_es::Aggregate>::TYPE, <$event>::TYPES) ),*
            ];

            /// The aggregate type it belongs to.
            pub fn aggregate_type(&self) -> &'static str {
                match self {
                    $( Self::$kind(_) => <$state as cqrs_es::Aggregate>::TYPE ),*
                }
            }

            /// Reads an event of that aggregate type as it is stored.
            pub fn decode(aggregate_type: &str, payload: &str) -> Result<Self, serde_json::Error> {
                match aggregate_type {
                    $( <$state as cqrs_es::Aggregate>::TYPE => serde_json::from_str(payload).map(Self::$kind), )*
                    other => Err(serde::de::Error::custom(format!("no aggregate type `{other}`"))),
                }
            }

            /// The event as it is stored.
            pub fn encode(&self) -> Result<String, serde_json::Error> {
                match self {
                    $( Self::$kind(event) => serde_json::to_string(event) ),*
                }
            }

            /// The stored type and the current version.
            pub fn type_and_version(&self) -> (&'static str, &'static str) {
                match self {
                    $( Self::$kind(event) => event.type_and_version() ),*
                }
            }

            /// The student whose record it belongs to.
            pub fn student(&self) -> Option<shared::PersonId> {
                match self {
                    $( Self::$kind(event) => event.student() ),*
                }
            }
        }

        impl State {
            /// Nothing has happened yet to an aggregate of this type.
            pub fn new(aggregate_type: &str) -> Option<Self> {
                match aggregate_type {
                    $( <$state as cqrs_es::Aggregate>::TYPE => Some(Self::$kind(Default::default())), )*
                    _ => None,
                }
            }

            /// Every aggregate type with the format of its state as it is kept.
            pub const FORMATS: &'static [(&'static str, i64)] = &[
                $( (
                    <$state as cqrs_es::Aggregate>::TYPE,
                    <$state as shared::Decide>::STATE_FORMAT,
                ) ),*
            ];

            /// Reads a state of that aggregate type as it is kept.
            pub fn read(aggregate_type: &str, payload: &str) -> Result<Self, serde_json::Error> {
                match aggregate_type {
                    $( <$state as cqrs_es::Aggregate>::TYPE => serde_json::from_str(payload).map(Self::$kind), )*
                    other => Err(serde::de::Error::custom(format!("no aggregate type `{other}`"))),
                }
            }

            /// The state as it is kept.
            pub fn write(&self) -> Result<String, serde_json::Error> {
                match self {
                    $( Self::$kind(state) => serde_json::to_string(state) ),*
                }
            }

            /// Lets an event have happened. One of another aggregate type changes nothing.
            pub fn apply(&mut self, event: Event) {
                match (self, event) {
                    $( (Self::$kind(state), Event::$kind(event)) => cqrs_es::Aggregate::apply(state, event), )*
                    _ => {}
                }
            }

            /// Asks the aggregate what happens on a command, without letting it happen, or why not. None
            /// where the command is for another aggregate type.
            pub fn decide(&self, command: Command) -> Option<Result<Vec<Event>, shared::Refusal>> {
                match (self, command) {
                    $( (Self::$kind(state), Command::$kind(command)) => Some($crate::catalogue::decide(state, command)), )*
                    _ => None,
                }
            }

            /// Asks the aggregate, and lets what it decides have happened.
            pub fn handle(&mut self, command: Command) -> Option<Result<Vec<Event>, shared::Refusal>> {
                let decided = self.decide(command)?;
                for event in decided.iter().flatten() {
                    self.apply(event.clone());
                }
                Some(decided)
            }
        }

        /// Every code a refusal can have.
        pub fn refusal_codes() -> Vec<shared::Code> {
            let mut codes = Vec::new();
            $( codes.extend_from_slice(<$error as shared::Refuse>::CODES); )*
            codes
        }
    };
}

/// Asks one aggregate.
///
/// The same as cqrs-es's `handle`, without its asynchronous sink: that one's lock counts against the
/// budget of the runtime's task, and a batch of many commands would wait for ever.
pub(crate) fn decide<A>(
    state: &A,
    command: A::Command,
) -> Result<Vec<crate::Event>, crate::shared::Refusal>
where
    A: crate::shared::Decide,
    A::Error: crate::shared::Refuse,
    A::Event: Into<crate::Event>,
{
    use crate::shared::Refuse;
    let events = state.decide(command).map_err(|error| error.refusal())?;
    Ok(events.into_iter().map(Into::into).collect())
}
