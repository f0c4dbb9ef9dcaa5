//! Tests of the whole product. `cargo xtask test --only system` starts the server and says in the environment where
//! it is: `GATEHOUSE_URL`, `GATEHOUSE_OPERATOR_PASSWORD`, `GATEHOUSE_DATA`, `GATEHOUSE_AXE`, `GATEHOUSE_SCREENSHOTS`.
