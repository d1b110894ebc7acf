using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Frameworks;

/// <summary>A hub, over each of its transports, with connections that stay open and say nothing.</summary>
public sealed class SignalRTests
{
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Connections_that_last_are_neither_stuck_nor_cut_and_go_on_working(HttpTransportType transport)
    {
        await using var app = await (await RunningApp.StartAsync(
            Beside.Quick, builder => builder.Services.AddSignalR(), web => web.MapHub<EchoHub>("/hub"))).StartedAsync();
        var connections = Enumerable.Range(0, 5)
            .Select(_ => new HubConnectionBuilder().WithUrl(new Uri(app.Public.BaseAddress!, "/hub"), transport).Build()).ToList();
        await Task.WhenAll(connections.Select(connection => connection.StartAsync()));

        await Beside.StaysReadyAsync(app);

        foreach (var connection in connections)
        {
            Assert.Equal("tea", await connection.InvokeAsync<string>(nameof(EchoHub.Echo), "tea"));
            await connection.DisposeAsync();
        }

        await Beside.StaysReadyAsync(app);
    }
}

/// <summary>The hub.</summary>
public sealed class EchoHub : Hub
{
    /// <summary>Says what it was told.</summary>
    public Task<string> Echo(string text) => Task.FromResult(text).WaitAsync(Context.ConnectionAborted);
}
