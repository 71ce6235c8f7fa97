package dev.statecraft.session.contract;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.mock.web.MockServletContext;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/** A node as its settings define it: an application with all auto-configurations, but without a web server. */
public final class ContextNode implements AutoCloseable {
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  private final AnnotationConfigServletWebApplicationContext context;
  private final RecordedEvents events = new RecordedEvents();

  /** Starts a node with properties, each {@code name=value}. Sessions have {@link SessionContract#TIMEOUT}. */
  public ContextNode(String... properties) {
    context = new AnnotationConfigServletWebApplicationContext();
    TestPropertyValues
        .of(properties)
        .and(
            "statecraft.session.timeout=" + SessionContract.TIMEOUT,
            "statecraft.session.attribute-types=" + SessionContract.Note.class.getName())
        .applyTo(context);
    context.addApplicationListener(events);
    context.setServletContext(new MockServletContext());
    context.register(Application.class);
    context.refresh();
  }

  @SuppressWarnings("unchecked") // the strategy defines one repository
  public SessionRepository<? extends Session> repository() {
    return (SessionRepository<? extends Session>) context
        .getBeanProvider(ResolvableType.forClass(SessionRepository.class))
        .getObject();
  }

  RecordedEvents events() {
    return events;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }
}
