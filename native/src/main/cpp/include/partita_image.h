/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Images to batches: JPEG and PNG → resize → normalise → [count, channels, height, width]. As flat C; the rules of
 * partita_core.h and partita_tensor.h (threads, pools, types) hold here too.
 *
 * Resize   Separable triangle filter ("bilinear"), widened by the factor of reduction ("antialiased"), first over rows,
 *          then over columns, in float32 and without rounding in between. With s = in / out and r = max(s, 1), output x
 *          has its centre at c = (x + 0.5) s and is the mean of the inputs i weighted by max(0, 1 - |i + 0.5 - c| / r).
 *          The weights are computed in float64 and rounded once.
 * Values   y = (v / 255 - mean) / deviation, for v from 0 to 255, as v * factor + offset in float32.
 * Colour   3 channels are red, green, blue; 1 is luma (0.299, 0.587, 0.114). Alpha is dropped, 16 bits become 8, the orientation in
 *          EXIF and colour profiles are not looked at. JPEGs of four colours (CMYK) are refused.
 */
#ifndef PARTITA_IMAGE_H
#define PARTITA_IMAGE_H

#include "partita_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PTC_IMAGE_STRETCH 0 /* the whole image becomes width x height */
#define PTC_IMAGE_CROP 1    /* the largest part of that shape, in the middle, does */

/* What a batch is to look like. */
typedef struct ptc_image_form {
  int32_t width, height; /* 1 to 16384 */
  int32_t channels;      /* 1 or 3 */
  int32_t fit;           /* PTC_IMAGE_* */
  int32_t dtype;         /* PTC_FLOAT32, PTC_BFLOAT16 or PTC_FLOAT16 */
  int32_t max_pixels;    /* width * height of an image above this is refused before anything is allocated; at least 1 */
  float mean[3];         /* per channel, of values from 0 to 1; -1e6 to 1e6 */
  float deviation[3];    /* 1e-6 to 1e6 */
} ptc_image_form;

/* Bytes of one image of this form in a batch; -1 if the form is wrong. */
PTC_API int64_t ptc_image_bytes(const ptc_image_form* form);

/* Width and height that the header of a JPEG or PNG claims; PTC_INVALID_ARGUMENT if it is neither. */
PTC_API ptc_status ptc_image_size(const void* bytes, int64_t count, int32_t* width, int32_t* height);

#define PTC_IMAGE_MESSAGE_BYTES 160

/* Image i, the lengths[i] bytes at addresses[i], becomes number i of out[count, channels, height, width]. One that is
 * corrupt, truncated, too large or no image becomes zeros; statuses[i] then says PTC_INVALID_ARGUMENT (or
 * PTC_OUT_OF_MEMORY) and messages[i], PTC_IMAGE_MESSAGE_BYTES bytes each that end with a NUL, why. For the others
 * statuses[i] is PTC_OK and the message empty. The call itself fails only for wrong arguments and when the pool is
 * busy for longer than its time-out. Images are shared out to the threads of the pool one by one. */
PTC_API ptc_status ptc_image_batch(ptc_pool* pool, const ptc_image_form* form, int32_t count,
                                   const int64_t* addresses, const int64_t* lengths, void* out, int32_t* statuses,
                                   char* messages);

/* The second half alone: pixels[height, width, form->channels], bytes, to out[channels, form->height, form->width]. */
PTC_API ptc_status ptc_image_resize(ptc_pool* pool, const ptc_image_form* form, const uint8_t* pixels, int32_t width,
                                    int32_t height, void* out);

#ifdef __cplusplus
}
#endif
#endif
