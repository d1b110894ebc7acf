using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Serving;

/// <summary>Takes the requests that are ours, and passes all others on as they came.</summary>
internal sealed class HealthFirstApplication<TContext>(IHttpApplication<TContext> application, AnswerHealth answerHealth)
    : IHttpApplication<HealthRequestContext<TContext>>
    where TContext : notnull
{
    public HealthRequestContext<TContext> CreateContext(IFeatureCollection contextFeatures)
    {
        // Kestrel keeps a context with its connection; reusing it costs no allocation a request.
        var container = contextFeatures as Microsoft.AspNetCore.Hosting.Server.Abstractions.IHostContextContainer<HealthRequestContext<TContext>>;
        var health = container?.HostContext ?? new();
        container?.HostContext = health;
        health.Features = contextFeatures;
        return health;
    }

    public Task ProcessRequestAsync(HealthRequestContext<TContext> context)
    {
        if (answerHealth(context.Features) is { } answer)
        {
            context.Forwarded = false;
            return answer;
        }

        context.Context = application.CreateContext(context);
        context.Forwarded = true;
        return application.ProcessRequestAsync(context.Context);
    }

    public void DisposeContext(HealthRequestContext<TContext> context, Exception? exception)
    {
        if (context.Forwarded)
        {
            application.DisposeContext(context.Context!, exception);
        }

        context.Forwarded = false;
    }
}
