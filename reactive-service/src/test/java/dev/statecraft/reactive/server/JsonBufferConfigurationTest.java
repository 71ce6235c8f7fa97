package dev.statecraft.reactive.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.json.JsonMapper;

class JsonBufferConfigurationTest {
  private static final int ANSWERS = 1_000;

  @Test
  void reusedBuffersHalveTheAllocations() {
    JsonFactoryBuilder reusing = JsonFactory.builder();
    new JsonBufferConfiguration().threadLocalBuffers().customize(reusing);
    long plain = bytesPerAnswer(JsonFactory.builder());
    assertThat(bytesPerAnswer(reusing)).isLessThan(plain / 2);
  }

  private static long bytesPerAnswer(JsonFactoryBuilder factory) {
    JacksonJsonEncoder encoder = new JacksonJsonEncoder(JsonMapper.builder(factory.build()).build());
    write(encoder);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    write(encoder);
    return (threads.getCurrentThreadAllocatedBytes() - before) / ANSWERS;
  }

  private static void write(JacksonJsonEncoder encoder) {
    for (int answer = 0; answer < ANSWERS; answer++) {
      DataBufferUtils.release(
          encoder.encodeValue(
              Map.of("answer", answer), DefaultDataBufferFactory.sharedInstance, ResolvableType.forClass(Map.class),
              MediaType.APPLICATION_JSON, Map.of()));
    }
  }
}
