// Grammars that are wasm themselves are not used: what the parser asks of them, as tree-sitter defines it then.

#include "./wasm_store.h"

void ts_wasm_store_delete(TSWasmStore *self) { (void)self; }
bool ts_wasm_store_start(TSWasmStore *self, TSLexer *lexer, const TSLanguage *language) {
    (void)self;
    (void)lexer;
    (void)language;
    return false;
}
void ts_wasm_store_reset(TSWasmStore *self) { (void)self; }
bool ts_wasm_store_has_error(const TSWasmStore *self) {
    (void)self;
    return false;
}
bool ts_wasm_store_call_lex_main(TSWasmStore *self, TSStateId state) {
    (void)self;
    (void)state;
    return false;
}
bool ts_wasm_store_call_lex_keyword(TSWasmStore *self, TSStateId state) {
    (void)self;
    (void)state;
    return false;
}
uint32_t ts_wasm_store_call_scanner_create(TSWasmStore *self) {
    (void)self;
    return 0;
}
void ts_wasm_store_call_scanner_destroy(TSWasmStore *self, uint32_t scanner_address) {
    (void)self;
    (void)scanner_address;
}
bool ts_wasm_store_call_scanner_scan(TSWasmStore *self, uint32_t scanner_address, uint32_t valid_tokens_ix) {
    (void)self;
    (void)scanner_address;
    (void)valid_tokens_ix;
    return false;
}
uint32_t ts_wasm_store_call_scanner_serialize(TSWasmStore *self, uint32_t scanner_address, char *buffer) {
    (void)self;
    (void)scanner_address;
    (void)buffer;
    return 0;
}
void ts_wasm_store_call_scanner_deserialize(TSWasmStore *self, uint32_t scanner, const char *buffer, unsigned length) {
    (void)self;
    (void)scanner;
    (void)buffer;
    (void)length;
}
bool ts_language_is_wasm(const TSLanguage *self) {
    (void)self;
    return false;
}
void ts_wasm_language_retain(const TSLanguage *self) { (void)self; }
void ts_wasm_language_release(const TSLanguage *self) { (void)self; }
