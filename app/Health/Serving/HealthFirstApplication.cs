using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health;

/// <summary>Takes the requests that are ours, and passes all others on as they came.</summary>
internal sealed class HealthFirstApplication<TContext>(IHttpApplication<TContext> application, PublicEndpoints endpoints, ManagementEndpoints management)
    : IHttpApplication<Passage<TContext>>
    where TContext : notnull
{
    public Passage<TContext> CreateContext(IFeatureCollection contextFeatures)
    {
        // Kestrel keeps a context with its connection; reusing it costs no allocation a request.
        var container = contextFeatures as Microsoft.AspNetCore.Hosting.Server.Abstractions.IHostContextContainer<Passage<TContext>>;
        var passage = container?.HostContext ?? new();
        container?.HostContext = passage;
        passage.Features = contextFeatures;
        return passage;
    }

    public Task ProcessRequestAsync(Passage<TContext> context)
    {
        if ((management.TryAnswer(context.Features) ?? endpoints.TryAnswer(context.Features)) is { } answer)
        {
            context.Passed = false;
            return answer;
        }

        context.Context = application.CreateContext(context);
        context.Passed = true;
        return application.ProcessRequestAsync(context.Context);
    }

    public void DisposeContext(Passage<TContext> context, Exception? exception)
    {
        if (context.Passed)
        {
            application.DisposeContext(context.Context!, exception);
        }

        context.Passed = false;
    }
}
