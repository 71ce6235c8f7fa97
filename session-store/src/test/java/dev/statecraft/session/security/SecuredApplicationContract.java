package dev.statecraft.session.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.DefaultMockMvcBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/** What a stock application with Spring Security may expect of each strategy. */
abstract class SecuredApplicationContract {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]* value=\"([^\"]+)\"");

  private final List<AnnotationConfigWebApplicationContext> contexts = new ArrayList<>();

  /** Settings of a node, beside the strategy's name. */
  abstract List<String> settings(int node);

  /** How many nodes can serve a session. */
  abstract int nodes();

  /** Whether a cookie from before a logout is invalid. */
  abstract boolean revokes();

  @BeforeEach
  void startNodes() {
    for (int node = 0; node < nodes(); node++) {
      AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
      List<String> settings = new ArrayList<>(settings(node));
      settings.add("spring.application.name=shop");
      TestPropertyValues.of(settings).applyTo(context);
      context.setServletContext(new MockServletContext());
      context.register(SecuredApplication.class);
      contexts.add(context);
      context.refresh();
    }
  }

  @AfterEach
  void stopNodes() {
    contexts.forEach(AnnotationConfigWebApplicationContext::close);
  }

  /** A client that keeps its cookie, and is sent to another node with each request. */
  private final class Client {
    private final List<MockMvc> nodes = contexts.stream().map(Client::mvc).toList();
    private int requests;
    private @Nullable Cookie session;

    private static MockMvc mvc(WebApplicationContext context) {
      DefaultMockMvcBuilder builder = MockMvcBuilders.webAppContextSetup(context);
      return builder.addFilters(
          context.getBean("springSessionRepositoryFilter", jakarta.servlet.Filter.class),
          context.getBean("springSecurityFilterChain", jakarta.servlet.Filter.class)).build();
    }

    MockHttpServletResponse send(MockHttpServletRequestBuilder request) throws Exception {
      if (session != null) {
        request.cookie(session);
      }
      MockHttpServletResponse response = nodes.get(requests++ % nodes.size()).perform(request).andReturn()
          .getResponse();
      Cookie set = response.getCookie("SESSION");
      if (set != null) {
        session = set.getMaxAge() == 0 ? null : set;
      }
      return response;
    }

    MockHttpServletResponse get(String path) throws Exception {
      return send(MockMvcRequestBuilders.get(path));
    }

    MockHttpServletResponse post(String path, String csrf, String... parameters) throws Exception {
      MockHttpServletRequestBuilder request = MockMvcRequestBuilders.post(path).param("_csrf", csrf);
      for (int i = 0; i < parameters.length; i += 2) {
        request.param(parameters[i], parameters[i + 1]);
      }
      return send(request);
    }

    String csrf(String page) throws Exception {
      Matcher token = CSRF.matcher(get(page).getContentAsString());
      assertThat(token.find()).as("a CSRF token in %s", page).isTrue();
      return token.group(1);
    }

    /** Opens the page, is sent to the form, logs in, and is sent back. */
    Client login(String user, String... more) throws Exception {
      assertThat(get("/page").getRedirectedUrl()).endsWith("/login");
      List<String> parameters = new ArrayList<>(List.of("username", user, "password", "secret"));
      parameters.addAll(List.of(more));
      String back = Objects.requireNonNull(
          post("/login", csrf("/login"), parameters.toArray(String[]::new)).getRedirectedUrl());
      assertThat(URI.create(back).getPath()).isEqualTo("/page");
      return this;
    }

    boolean isLoggedIn() throws Exception {
      return get("/page").getContentAsString().startsWith("Hello");
    }
  }

  @Test
  void logsInOnAnyNodeAndReturnsToPage() throws Exception {
    Client ada = new Client().login("ada");

    for (int i = 0; i < 4; i++) {
      assertThat(ada.get("/page").getContentAsString()).isEqualTo("Hello ada");
    }
  }

  @Test
  void loginChangesSessionId() throws Exception {
    Client ada = new Client();
    ada.get("/page");
    String before = Objects.requireNonNull(ada.session).getValue();
    ada.login("ada");

    assertThat(Objects.requireNonNull(ada.session).getValue()).isNotEqualTo(before);
  }

  @Test
  void requestWithoutCsrfTokenIsForbidden() throws Exception {
    assertThat(new Client().login("ada").post("/logout", "guessed").getStatus()).isEqualTo(403);
  }

  @Test
  void logoutEndsSession() throws Exception {
    Client ada = new Client().login("ada");
    Client thief = new Client();
    thief.session = ada.session;
    assertThat(ada.post("/logout", ada.csrf("/logout")).getStatus()).isEqualTo(302);

    assertThat(ada.isLoggedIn()).isFalse();
    assertThat(thief.isLoggedIn()).isEqualTo(!revokes());
  }

  @Test
  void rememberedSessionLastsLonger() throws Exception {
    Client ada = new Client().login("ada", "remember-me", "on");

    assertThat(Objects.requireNonNull(ada.session).getMaxAge()).isGreaterThan(86_400);
    assertThat(ada.isLoggedIn()).isTrue();
  }

  private @Nullable FindByIndexNameSessionRepository<?> sessionsByName() {
    SessionRepository<?> sessions = contexts.getFirst().getBean(SessionRepository.class);
    return sessions instanceof FindByIndexNameSessionRepository<?> byName ? byName : null;
  }

  @Test
  void secondLoginOfUserEndsFirst() throws Exception {
    Assumptions.assumeTrue(sessionsByName() != null, "the strategy finds no sessions by name");
    Client first = new Client().login("ada");
    Client bob = new Client().login("bob");
    Client second = new Client().login("ada");

    assertThat(first.isLoggedIn()).isFalse();
    assertThat(second.isLoggedIn()).isTrue();
    assertThat(bob.isLoggedIn()).isTrue();
  }

  @Test
  void logsOutEverywhere() throws Exception {
    FindByIndexNameSessionRepository<? extends Session> sessions = sessionsByName();
    Assumptions.assumeTrue(sessions != null, "the strategy finds no sessions by name");
    Client ada = new Client().login("ada");
    Client bob = new Client().login("bob");
    Objects.requireNonNull(sessions).findByPrincipalName("ada").keySet().forEach(sessions::deleteById);

    assertThat(ada.isLoggedIn()).isFalse();
    assertThat(bob.isLoggedIn()).isTrue();
  }
}
