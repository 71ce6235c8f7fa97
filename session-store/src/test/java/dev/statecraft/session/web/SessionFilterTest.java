package dev.statecraft.session.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.SessionStoreAutoConfiguration;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.http.IdLimit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.session.MapSession;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.HeaderHttpSessionIdResolver;
import org.springframework.session.web.http.HttpSessionIdResolver;

/** The filter as Spring Boot configures it, and what a client sees of it. */
class SessionFilterTest {
  private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(SessionStoreAutoConfiguration.class, SessionWebAutoConfiguration.class,
          SessionAutoConfiguration.class));

  /** With an embedded server, whose settings differ from those of a WAR file. */
  private final WebApplicationContextRunner served = new WebApplicationContextRunner(
      AnnotationConfigServletWebServerApplicationContext::new)
      .withBean(TomcatServletWebServerFactory.class, () -> new TomcatServletWebServerFactory(0))
      .withConfiguration(AutoConfigurations.of(SessionStoreAutoConfiguration.class, SessionWebAutoConfiguration.class,
          SessionAutoConfiguration.class));

  /** What the application does with a request. */
  @FunctionalInterface
  private interface Application {
    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException;
  }

  private static final Application LOGIN = (request, response) -> request.getSession().setAttribute("user", "ada");
  private static final Application READ = (request, response) -> response.getWriter()
      .print(Objects.requireNonNull(request.getSession(false)).getAttribute("user"));

  private static MockHttpServletResponse send(SessionFilter<?> filter, MockHttpServletRequest request,
      Application application) {
    MockHttpServletResponse response = new MockHttpServletResponse();
    try {
      filter.doFilter(request, response, new MockFilterChain(new HttpServlet() {
        @Override
        protected void service(HttpServletRequest handled, HttpServletResponse answer) throws IOException {
          application.handle(handled, answer);
        }
      }));
    } catch (ServletException | IOException e) {
      throw new AssertionError(e);
    }
    return response;
  }

  private static MockHttpServletRequest requestWith(Cookie... cookies) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setCookies(cookies);
    return request;
  }

  private static Cookie sessionCookie(MockHttpServletResponse response) {
    Cookie cookie = Objects.requireNonNull(response.getCookie("SESSION"), "no cookie was set");
    return new Cookie("SESSION", cookie.getValue());
  }

  /** A repository that counts look-ups, holds one session, and may refuse what it is asked for. */
  private static final class ScriptedRepository implements SessionRepository<MapSession> {
    final MapSession session = new MapSession();
    final List<String> lookups = new ArrayList<>();
    boolean refuses;

    @Override
    public MapSession createSession() {
      return new MapSession();
    }

    @Override
    public void save(MapSession saved) {
      refuse();
    }

    @Override
    public void deleteById(String id) {
      refuse();
    }

    private void refuse() {
      if (refuses) {
        throw new SessionStoreException(Reason.UNAVAILABLE, "out of order");
      }
    }

    @Override
    public @Nullable MapSession findById(String id) {
      lookups.add(id);
      return id.equals(session.getId()) ? session : null;
    }

    SessionFilter<MapSession> filter(SimpleMeterRegistry meters) {
      return new SessionFilter<>(this, new BoundedIdResolver(
          new CookieHttpSessionIdResolver(), meters));
    }
  }

  @Test
  void ignoresAllButFirstCookies() {
    ScriptedRepository repository = new ScriptedRepository();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Cookie[] cookies = IntStream.range(0, 190)
        .mapToObj(_ -> new Cookie("SESSION", Base64.getEncoder()
            .encodeToString(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8))))
        .toArray(Cookie[]::new);

    send(repository.filter(meters), requestWith(cookies),
        (request, response) -> assertThat(request.getSession(false)).isNull());

    assertThat(repository.lookups).hasSizeLessThanOrEqualTo(IdLimit.MAX_IDS);
    assertThat(meters.get("statecraft.session.ignored.ids").counter().count())
        .isEqualTo(190 - IdLimit.MAX_IDS);
  }

  @Test
  void responsesThatShowSessionMustNotBeCached() {
    runner.run(context -> {
      SessionFilter<?> filter = context.getBean(SessionFilter.class);
      MockHttpServletResponse login = send(filter, requestWith(), LOGIN);
      Cookie cookie = sessionCookie(login);

      assertThat(login.getHeader("Cache-Control")).isEqualTo("no-store");
      assertThat(send(filter, requestWith(cookie), READ).getHeader("Cache-Control")).isEqualTo("no-store");
      assertThat(send(filter, requestWith(cookie), (request, response) -> {
        READ.handle(request, response);
        response.flushBuffer();
      }).getHeader("Cache-Control")).as("a response that is flushed early").isEqualTo("no-store");
      assertThat(send(filter, requestWith(cookie), (request, response) -> request.getSession(false).invalidate())
          .getHeader("Cache-Control")).as("logout").isEqualTo("no-store");
    });
  }

  @Test
  void applicationDecidesAboutCaches() {
    runner.run(context -> {
      SessionFilter<?> filter = context.getBean(SessionFilter.class);
      Cookie cookie = sessionCookie(send(filter, requestWith(), LOGIN));

      assertThat(send(filter, requestWith(cookie), (request, response) -> {
        response.setHeader("Cache-Control", "private, max-age=5");
        READ.handle(request, response);
      }).getHeader("Cache-Control")).isEqualTo("private, max-age=5");
      assertThat(send(filter, requestWith(cookie), (request, response) -> response.getWriter().print("public"))
          .containsHeader("Cache-Control")).as("a response without session state").isFalse();
    });
  }

  @Test
  void refusedLogoutKeepsCookie() {
    ScriptedRepository repository = new ScriptedRepository();
    repository.refuses = true;
    SessionFilter<MapSession> filter = repository.filter(new SimpleMeterRegistry());
    MockHttpServletRequest request = requestWith(new Cookie("SESSION", Base64.getEncoder()
        .encodeToString(repository.session.getId().getBytes(StandardCharsets.UTF_8))));
    MockHttpServletResponse response = new MockHttpServletResponse();

    assertThatExceptionOfType(SessionStoreException.class).isThrownBy(
        () -> filter.doFilter(request, response, new MockFilterChain(new HttpServlet() {
          @Override
          protected void service(HttpServletRequest handled, HttpServletResponse answer) {
            handled.getSession(false).invalidate();
          }
        })));
    assertThat(response.getCookie("SESSION")).as("a cookie that ends the session").isNull();
  }

  @Test
  void refusedSaveIsAnsweredAsProblem() throws Exception {
    ScriptedRepository repository = new ScriptedRepository();
    repository.refuses = true;
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    MockHttpServletResponse response = new MockHttpServletResponse();

    new SessionStoreExceptionFilter(meters).doFilter(requestWith(), response, new MockFilterChain(new HttpServlet() {
    },
        repository.filter(meters), (request, answer, chain) -> ((HttpServletRequest) request).getSession()
            .setAttribute("user", "ada")));

    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.getContentType()).isEqualTo("application/problem+json");
    assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
    assertThat(response.getCookie("SESSION")).isNull();
  }

  @Test
  void usesCookieSettingsOfSpringBoot() {
    served.withPropertyValues("server.servlet.session.cookie.name=SHOP", "server.servlet.session.cookie.path=/shop",
        "server.servlet.session.cookie.domain=example.org", "server.servlet.session.cookie.same-site=strict",
        "server.servlet.session.cookie.secure=true", "server.servlet.session.cookie.http-only=false",
        "server.servlet.session.cookie.max-age=2h", "server.servlet.session.cookie.partitioned=true").run(context -> {
          String cookie = send(context.getBean(SessionFilter.class), requestWith(), LOGIN).getHeader("Set-Cookie");

          assertThat(cookie).startsWith("SHOP=").contains("; Path=/shop", "; Domain=example.org", "; SameSite=Strict",
              "; Secure", "; Max-Age=7200", "; Partitioned").doesNotContain("HttpOnly");
        });
  }

  @Test
  void cookieIsProtectedByDefault() {
    served.run(context -> assertThat(send(context.getBean(SessionFilter.class), requestWith(), LOGIN)
        .getHeader("Set-Cookie")).startsWith("SESSION=").contains("; HttpOnly", "; SameSite=Lax"));
  }

  @ParameterizedTest
  @CsvSource({"spring.session.timeout=7m, 7", "server.servlet.session.timeout=8m, 8"})
  void usesTimeoutOfSpringBoot(String setting, int minutes) {
    served.withPropertyValues(setting).run(context -> assertThat(
        context.getBean(SessionRepository.class).createSession().getMaxInactiveInterval())
        .isEqualTo(Duration.ofMinutes(minutes)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "server.servlet.session.tracking-modes=url | server.servlet.session.tracking-modes",
    "server.servlet.session.persistent=true | server.servlet.session.persistent",
    "server.servlet.session.store-dir=/tmp/x | server.servlet.session.store-dir",
    "spring.session.timeout=400d | spring.session.timeout",
    "server.servlet.session.timeout=40d | server.servlet.session.timeout"})
  void unsupportedSettingFailsStartWithItsName(String setting, String name) {
    served.withPropertyValues(setting).run(context -> assertThat(context).getFailure().rootCause()
        .isInstanceOf(InvalidSettingException.class).hasMessageContaining(name));
  }

  @Configuration(proxyBeanMethods = false)
  static class HeaderIds {
    @Bean
    HttpSessionIdResolver httpSessionIdResolver() {
      return HeaderHttpSessionIdResolver.xAuthToken();
    }
  }

  @Test
  void applicationMayUseHeadersForIds() {
    runner.withUserConfiguration(HeaderIds.class).run(context -> {
      SessionFilter<?> filter = context.getBean(SessionFilter.class);
      MockHttpServletResponse login = send(filter, requestWith(), LOGIN);
      MockHttpServletRequest next = new MockHttpServletRequest();
      next.addHeader("X-Auth-Token", Objects.requireNonNull(login.getHeader("X-Auth-Token")));

      assertThat(login.getCookies()).isEmpty();
      assertThat(send(filter, next, READ).getContentAsString()).isEqualTo("ada");
    });
  }

  /** Records what it is told. */
  static final class RecordingListener implements HttpSessionListener {
    final List<String> events = new ArrayList<>();

    @Override
    public void sessionCreated(HttpSessionEvent event) {
      events.add("created " + event.getSession().getAttribute("user"));
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      events.add("destroyed " + event.getSession().getAttribute("user"));
    }
  }

  @Test
  void listenersLearnOfSessions() {
    runner.withBean(RecordingListener.class).run(context -> {
      SessionFilter<?> filter = context.getBean(SessionFilter.class);
      Cookie cookie = sessionCookie(send(filter, requestWith(), LOGIN));
      send(filter, requestWith(cookie), (request, response) -> request.getSession(false).invalidate());

      assertThat(context.getBean(RecordingListener.class).events).containsExactly("created ada", "destroyed ada");
    });
  }

  @Test
  void secondCookieIsUsedIfFirstIsUnknown() {
    runner.run(context -> {
      SessionFilter<?> filter = context.getBean(SessionFilter.class);
      Cookie cookie = sessionCookie(send(filter, requestWith(), LOGIN));

      assertThat(send(filter, requestWith(new Cookie("SESSION", UUID.randomUUID().toString()), cookie), READ)
          .getContentAsString()).isEqualTo("ada");
    });
  }
}
