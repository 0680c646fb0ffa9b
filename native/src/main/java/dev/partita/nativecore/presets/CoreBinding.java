// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.nativecore.presets;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** Tells JavaCPP how to bind the core's headers: as they are, function by function. */
@Properties(
    value =
        @Platform(
            value = "linux-x86_64",
            include = {
              "partita_core.h",
              "partita_tensor.h",
              "partita_optimizer.h",
              "partita_collective.h",
              "partita_process.h",
              "partita_store.h",
              "partita_files.h",
              "partita_image.h"
            },
            link = "partita_core",
            library = "jnipartita_core"),
    target = "dev.partita.nativecore",
    global = "dev.partita.nativecore.global.PartitaCore")
public class CoreBinding implements InfoMapper {
  @Override
  public void map(InfoMap infoMap) {
    infoMap
        .put(new Info("PTC_API").cppTypes().annotations())
        .put(new Info("ptc_status").cast().valueTypes("int"));
  }
}
