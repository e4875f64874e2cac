# What one does with the house day by day; each line is also in the README or in .ci/run.

# the server on a made-up university
demo:
    cargo run --release -- demo

# every test, on both databases
test:
    ./test

# every check that a change has to pass
ci:
    .ci/run

# the API's contract, as committed
schema:
    cargo run -q -- schema > schema.graphql
