/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Tensors in files: safetensors and ONNX read without copying, sets of safetensors written so that no crash leaves
 * one that loads wrong. As flat C; the rules of partita_core.h hold here too, and the statuses of partita_store.h:
 *
 *   PTC_INVALID_ARGUMENT   the file, or an argument, is not what it must be; the text says where
 *   PTC_NOT_FOUND          no such file
 *   PTC_STORAGE_FAILURE    the disk refused: the text has the path and the system's own words (no space, I/O error)
 *   PTC_DATA_LOSS          a file or tensor of a set is missing, too short, or not of the checksum of its manifest
 *   PTC_CONFLICT           the folder holds a set already; sets are never changed
 *
 * Nothing in a file is believed: every length, offset, shape and type is checked before it is used, sums and products
 * cannot overflow, and no input makes the reader recurse or allocate more than a small multiple of its header.
 */
#ifndef PARTITA_FILES_H
#define PARTITA_FILES_H

#include "partita_core.h"
#include "partita_store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Element types; in brackets the bytes of one element. Names are those of the safetensors format. */
#define PTC_FILE_BOOL 0     /* [1] */
#define PTC_FILE_U8 1       /* [1] */
#define PTC_FILE_I8 2       /* [1] */
#define PTC_FILE_F8_E5M2 3  /* [1] */
#define PTC_FILE_F8_E4M3 4  /* [1] */
#define PTC_FILE_I16 5      /* [2] */
#define PTC_FILE_U16 6      /* [2] */
#define PTC_FILE_F16 7      /* [2] */
#define PTC_FILE_BF16 8     /* [2] */
#define PTC_FILE_I32 9      /* [4] */
#define PTC_FILE_U32 10     /* [4] */
#define PTC_FILE_F32 11     /* [4] */
#define PTC_FILE_F64 12     /* [8] */
#define PTC_FILE_I64 13     /* [8] */
#define PTC_FILE_U64 14     /* [8] */

/* Bytes of one element; 0 for a number that is none of the above. */
PTC_API int32_t ptc_file_dtype_bytes(int32_t dtype);
/* The name of the format, for example "BF16"; "" for a number that is none of the above. Valid forever. */
PTC_API const char* ptc_file_dtype_name(int32_t dtype);

/* ---- reading one file -------------------------------------------------------------------------- */

/* The tensors of one file. Immutable: any number of threads may read one at once; ptc_tensor_file_close must be the
 * last call, and ends the life of every name, shape and address that came out of it.
 *
 * An opened file is mapped, so that its tensors cost no copy and no memory of their own. Whoever makes the file
 * shorter meanwhile kills the reader with SIGBUS, as with every mapping: open what others may truncate with the
 * *_parse functions, or take its bytes with ptc_tensor_file_read, which fails instead. */
typedef struct ptc_tensor_file ptc_tensor_file;

/* A file of the safetensors format (https://huggingface.co/docs/safetensors): eight bytes, the length of the header,
 * little-endian; the header, JSON; the bytes of the tensors. Refused are: a header of more than 16 MiB, or that does
 * not begin with "{", or that has anything but spaces after its end; a name or key that appears twice, is not valid
 * UTF-8, or contains a NUL; an unknown field or type; numbers that are not whole, or above 2^63 - 1; more than 8
 * dimensions; a shape that does not fill its bytes; tensors that overlap, leave a gap, or end before or after the
 * file. Blocks while the header is read. */
PTC_API ptc_status ptc_safetensors_open(const char* path, ptc_tensor_file** out);
/* The same from a header alone (its header_bytes bytes of JSON, without the length) that is followed by data_bytes
 * bytes. The header is copied. ptc_tensor_file_data is null; ptc_tensor_file_offset counts from the first byte after
 * the header. */
PTC_API ptc_status ptc_safetensors_parse(const void* header, int64_t header_bytes, int64_t data_bytes,
                                         ptc_tensor_file** out);

/* The initialisers of an ONNX model (at most 2 GiB - 1, as protobuf allows). Their values are in raw_data, or packed
 * in the field of their type, which is used in place where its layout is that of the tensor (float, double, packed
 * or not at all), and unpacked otherwise (integers, which protobuf writes with varying lengths). Weights that
 * exporters leave anonymous ("onnx::MatMul_1234") get the name of the MatMul or Gemm node they feed, with slashes
 * as dots and ".weight": "/encoder/layer.0/attention/self/query/MatMul" is encoder.layer.0.attention.self.query.weight,
 * and metadata "transposed:<that name>" is "true", for such a node multiplies by [in, out]. Refused: external data, segments, strings,
 * a size that does not fit its shape, names that appear twice, nesting where the format has none. */
PTC_API ptc_status ptc_onnx_open(const char* path, ptc_tensor_file** out);
/* The same from memory, which stays the caller's and must live and not change until ptc_tensor_file_close. */
PTC_API ptc_status ptc_onnx_parse(const void* bytes, int64_t count, ptc_tensor_file** out);

/* Null is ignored. */
PTC_API void ptc_tensor_file_close(ptc_tensor_file* file);

/* Number of tensors, sorted by name; -1 for null. */
PTC_API int32_t ptc_tensor_file_count(const ptc_tensor_file* file);
/* Its number, or -1. Microseconds. */
PTC_API int32_t ptc_tensor_file_find(const ptc_tensor_file* file, const char* name);
/* Of tensor number i: name (UTF-8), type, number of dimensions, their sizes (rank numbers, row-major), place in the
 * file, bytes, and address of the first. For an i that is not 0 to count - 1: null or -1.
 * The address is on a multiple of the element's size only if whoever wrote the file saw to it. */
PTC_API const char* ptc_tensor_file_name(const ptc_tensor_file* file, int32_t i);
PTC_API int32_t ptc_tensor_file_dtype(const ptc_tensor_file* file, int32_t i);
PTC_API int32_t ptc_tensor_file_rank(const ptc_tensor_file* file, int32_t i);
PTC_API const int64_t* ptc_tensor_file_shape(const ptc_tensor_file* file, int32_t i);
PTC_API int64_t ptc_tensor_file_offset(const ptc_tensor_file* file, int32_t i);
PTC_API int64_t ptc_tensor_file_bytes(const ptc_tensor_file* file, int32_t i);
PTC_API const void* ptc_tensor_file_data(const ptc_tensor_file* file, int32_t i);
/* Copies tensor i, of exactly `bytes` bytes, into memory of the caller. From an opened safetensors file by read():
 * a file that became shorter is PTC_STORAGE_FAILURE. Blocks for the disk. */
PTC_API ptc_status ptc_tensor_file_read(const ptc_tensor_file* file, int32_t i, void* into, int64_t bytes);
/* Text beside the tensors: pairs of key and value, sorted by key; null for a k that is not 0 to count - 1. */
PTC_API int32_t ptc_tensor_file_metadata_count(const ptc_tensor_file* file);
PTC_API const char* ptc_tensor_file_metadata_key(const ptc_tensor_file* file, int32_t k);
PTC_API const char* ptc_tensor_file_metadata_value(const ptc_tensor_file* file, int32_t k);

/* ---- what is to be written, or filled ---------------------------------------------------------- */

/* A list of files and their tensors, by address. The memory stays the caller's. For one thread at a time. */
typedef struct ptc_tensor_set ptc_tensor_set;

PTC_API ptc_status ptc_tensor_set_create(ptc_tensor_set** out);
PTC_API void ptc_tensor_set_destroy(ptc_tensor_set* set);
/* Begins a file: what is added from now on is in it. A name without folders that ends in ".safetensors", of letters,
 * digits, '.', '_' and '-', not beginning with a '.'. */
PTC_API ptc_status ptc_tensor_set_file(ptc_tensor_set* set, const char* name);
PTC_API ptc_status ptc_tensor_set_metadata(ptc_tensor_set* set, const char* key, const char* value);
/* A tensor of the product of its shape elements (rank 0: one) at `data`; null if only the header is wanted. Names are
 * UTF-8, once in a file, and not "__metadata__". */
PTC_API ptc_status ptc_tensor_set_add(ptc_tensor_set* set, const char* name, int32_t dtype, int32_t rank,
                                      const int64_t* shape, void* data);
/* The first bytes of file number `file`: length and header, padded with spaces to a multiple of 8, so that whoever
 * sends the tensors behind it, in the order they were added, has sent a safetensors file. *out lives until the set
 * is changed or destroyed. */
PTC_API ptc_status ptc_tensor_set_header(ptc_tensor_set* set, int32_t file, const void** out, int64_t* bytes);

/* ---- writing sets ------------------------------------------------------------------------------ */

/* Writes a set again and again, each time as it is now, into a folder of its own:
 *
 *   begin   copies the tensors (this is how long the training stands still) and returns
 *           a thread of the writer's own writes each file under the name <file>.partial, fsync, rename
 *   wait    until all files of the oldest set begun are on the disk
 *   commit  fsync of the folder; then manifest.json, in the same way; fsync of the folder and of the one above
 *
 * A set exists when its manifest does. A crash (of the process at any instant, or of the power) before commit
 * returns leaves a folder without one, which is garbage and loads as PTC_NOT_FOUND, or the whole set; after it has
 * returned, the whole set. The manifest lists every file with its size and its CRC32C:
 *
 *   {"version":1,"files":[{"name":"model.safetensors","bytes":1234,"crc32c":"0a1b2c3d"},…]}
 *
 * Threads: `begin` may be called by one thread while another is in wait, commit or abandon; otherwise one at a time. */
typedef struct ptc_set_writer ptc_set_writer;

/* The set is copied, the memory of its tensors is not: it must live until ptc_set_writer_destroy.
 * copies: 2, the next set can be begun while one is written; 1, begin waits for it; 0, nothing is copied, and the
 *         caller changes no tensor between begin and the end of wait. Copies are made at the first use of each,
 *         unless ptc_set_writer_prepare made them before.
 * shard_bytes: a file larger than this is cut between tensors into <name>-00001-of-0000N.safetensors; 0: never. */
PTC_API ptc_status ptc_set_writer_create(const ptc_tensor_set* set, int32_t copies, int64_t shard_bytes,
                                         ptc_set_writer** out);
/* Drops what was not committed, and ends the thread: after the write or fsync that it is in. Null is ignored. */
PTC_API void ptc_set_writer_destroy(ptc_set_writer* writer);
/* Makes the first copy's memory and touches its pages, which costs more than copying does. */
PTC_API ptc_status ptc_set_writer_prepare(ptc_set_writer* writer);
/* Waits up to timeout_millis for a copy that nobody writes any more, fills it, and returns. The folder is made if it
 * is not there; PTC_CONFLICT if it holds a manifest. Any error before the files are written is told by wait. */
PTC_API ptc_status ptc_set_writer_begin(ptc_set_writer* writer, const char* folder, int32_t timeout_millis);
/* Waits for the oldest set begun and not committed. PTC_TIMEOUT: not yet, ask again. Another error: it could not be
 * written; its files are gone, as far as the disk allows, and it is no longer waited for. */
PTC_API ptc_status ptc_set_writer_wait(ptc_set_writer* writer, int32_t timeout_millis);
/* Commits the set that wait returned for. *bytes: size of its files without the manifest; *manifest_crc32c: checksum
 * of the manifest. Blocks for the disk. After an error the set may or may not exist: delete the folder. */
PTC_API ptc_status ptc_set_writer_commit(ptc_set_writer* writer, int64_t* bytes, int32_t* manifest_crc32c);
/* Drops everything begun and not committed, and deletes its files. Waits up to timeout_millis for the thread to let go,
 * which it does after the write of 8 MiB, or the fsync, that it is in; PTC_TIMEOUT: it has not yet, but will. */
PTC_API ptc_status ptc_set_writer_abandon(ptc_set_writer* writer, int32_t timeout_millis);

/* Fills the tensors of `set` from a committed set in `folder`. Each file of the set is read once for its checksum before
 * the first tensor is touched: after an error, nothing has changed (but PTC_STORAGE_FAILURE, if the disk fails between
 * the two). Tensors are found by file, name, type and shape; `set` may name fewer files and tensors than there are.
 * Blocks for the disk. */
PTC_API ptc_status ptc_set_load(const char* folder, const ptc_tensor_set* set);

#ifdef __cplusplus
}
#endif
#endif
