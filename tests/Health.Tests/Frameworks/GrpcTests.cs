using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Candor.Health.Tests.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Frameworks;

/// <summary>A gRPC service on the contract's port, over HTTP/2 without TLS as the template has it, with calls of all four kinds.</summary>
public sealed class GrpcTests
{
    [Fact]
    public async Task Calls_are_served_and_judged_by_the_status_in_their_trailers()
    {
        var shop = new Shop();
        await using var app = await StartAsync(shop);
        using var channel = Channel(app);

        Assert.Equal("tea", await AskAsync(channel, "tea"));
        await Beside.UntilAsync(app, HttpStatusCode.OK, () => Task.CompletedTask);

        // Mistakes of the caller's: nothing about the service.
        shop.Fails = StatusCode.NotFound;
        for (var call = 0; call < 20; call++)
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => AskAsync(channel, "tea"))).StatusCode);
        }

        await Beside.StaysReadyAsync(app);

        shop.Fails = StatusCode.Internal;
        await Beside.UntilAsync(app, HttpStatusCode.ServiceUnavailable, () => Assert.ThrowsAsync<RpcException>(() => AskAsync(channel, "tea")));
        Assert.Equal(("failing", "error ratio"), await Beside.OperationAsync(app, "POST /shop.Shop/Ask"));

        shop.Fails = null;
        await Beside.UntilAsync(app, HttpStatusCode.OK, () => AskAsync(channel, "tea"));
    }

    [Theory]
    [InlineData("Send")]
    [InlineData("Watch")]
    [InlineData("Talk")]
    public async Task Streams_that_last_are_neither_stuck_nor_cut(string method)
    {
        var shop = new Shop();
        await using var app = await StartAsync(shop);
        using var channel = Channel(app);
        var streams = Enumerable.Range(0, 5).Select(_ => StreamAsync(channel, method, shop)).ToList();
        await Eventually.TrueAsync(() => shop.Streams == 5, "the streams are open");

        await Beside.StaysReadyAsync(app);

        shop.News.SetResult();
        Assert.All(await Task.WhenAll(streams), answer => Assert.Equal("news", answer));
        Assert.Equal(("healthy", null), await Beside.OperationAsync(app, $"POST /shop.Shop/{method}"));
    }

    [Fact]
    public async Task Call_that_hangs_is_stuck_although_streams_are_not()
    {
        var shop = new Shop { Hangs = true };
        await using var app = await StartAsync(shop);
        using var channel = Channel(app);
        var calls = Enumerable.Range(0, 3).Select(_ => AskAsync(channel, "tea")).ToList();

        await Beside.UntilAsync(app, HttpStatusCode.ServiceUnavailable, () => Task.CompletedTask);

        shop.News.SetResult();
        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task Instance_that_leaves_tells_the_connection_of_http2_and_serves_on()
    {
        var shop = new Shop();
        await using var app = await StartAsync(shop);
        using var channel = Channel(app);
        await AskAsync(channel, "tea");
        await AskAsync(channel, "tea");
        Assert.Single(shop.Connections.Distinct());

        app.App.Services.GetRequiredService<ICandorHealth>().BeginDrain("a test");
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal("tea", await AskAsync(channel, "tea"));
        }

        // Each call that finds the instance leaving is the last one of its connection.
        Assert.True(shop.Connections.Distinct().Count() > 1, "The client was not told to use another connection.");
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("response headers have been removed", StringComparison.Ordinal));
    }

    private static async Task<RunningApp> StartAsync(Shop shop) => await (await RunningApp.StartAsync(
        Beside.Quick,
        builder =>
        {
            builder.Configuration["Kestrel:EndpointDefaults:Protocols"] = "Http2";
            builder.Services.AddGrpc();
            builder.Services.AddSingleton(shop);
        },
        web => web.MapGrpcService<Shop>())).StartedAsync();

    private static GrpcChannel Channel(RunningApp app) => GrpcChannel.ForAddress(app.Public.BaseAddress!);

    private static async Task<string> AskAsync(GrpcChannel channel, string text) =>
        await channel.CreateCallInvoker().AsyncUnaryCall(ShopBase.AskMethod, null, default, text);

    // Every kind waits for the news before anything is answered.
    private static async Task<string> StreamAsync(GrpcChannel channel, string method, Shop shop)
    {
        var calls = channel.CreateCallInvoker();
        switch (method)
        {
            case "Send":
                using (var send = calls.AsyncClientStreamingCall(ShopBase.SendMethod, null, default))
                {
                    await send.RequestStream.WriteAsync("one");
                    await shop.News.Task;
                    await send.RequestStream.WriteAsync("news");
                    await send.RequestStream.CompleteAsync();
                    return await send;
                }

            case "Watch":
                using (var watch = calls.AsyncServerStreamingCall(ShopBase.WatchMethod, null, default, "one"))
                {
                    Assert.True(await watch.ResponseStream.MoveNext());
                    return watch.ResponseStream.Current;
                }

            default:
                using (var talk = calls.AsyncDuplexStreamingCall(ShopBase.TalkMethod, null, default))
                {
                    await talk.RequestStream.WriteAsync("one");
                    await shop.News.Task;
                    await talk.RequestStream.WriteAsync("news");
                    Assert.True(await talk.ResponseStream.MoveNext());
                    var answer = talk.ResponseStream.Current;
                    await talk.RequestStream.CompleteAsync();
                    Assert.False(await talk.ResponseStream.MoveNext());
                    return answer;
                }
        }
    }
}

/// <summary>What the generator would write for <c>service Shop</c>, with texts for messages.</summary>
[BindServiceMethod(typeof(ShopBase), nameof(BindService))]
public abstract class ShopBase
{
    private const string Name = "shop.Shop";
    private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    internal static Method<string, string> AskMethod { get; } = new(MethodType.Unary, Name, nameof(Ask), Text, Text);

    internal static Method<string, string> SendMethod { get; } = new(MethodType.ClientStreaming, Name, nameof(Send), Text, Text);

    internal static Method<string, string> WatchMethod { get; } = new(MethodType.ServerStreaming, Name, nameof(Watch), Text, Text);

    internal static Method<string, string> TalkMethod { get; } = new(MethodType.DuplexStreaming, Name, nameof(Talk), Text, Text);

    /// <summary>Found by its name.</summary>
    public static void BindService(ServiceBinderBase binder, ShopBase? shop)
    {
        binder.AddMethod(AskMethod, shop is null ? null : new UnaryServerMethod<string, string>(shop.Ask));
        binder.AddMethod(SendMethod, shop is null ? null : new ClientStreamingServerMethod<string, string>(shop.Send));
        binder.AddMethod(WatchMethod, shop is null ? null : new ServerStreamingServerMethod<string, string>(shop.Watch));
        binder.AddMethod(TalkMethod, shop is null ? null : new DuplexStreamingServerMethod<string, string>(shop.Talk));
    }

    /// <summary>One request, one answer.</summary>
    public abstract Task<string> Ask(string request, ServerCallContext context);

    /// <summary>A stream of requests, one answer.</summary>
    public abstract Task<string> Send(IAsyncStreamReader<string> requests, ServerCallContext context);

    /// <summary>One request, a stream of answers.</summary>
    public abstract Task Watch(string request, IServerStreamWriter<string> answers, ServerCallContext context);

    /// <summary>Streams both ways.</summary>
    public abstract Task Talk(IAsyncStreamReader<string> requests, IServerStreamWriter<string> answers, ServerCallContext context);
}

/// <summary>The service.</summary>
public sealed class Shop : ShopBase
{
    private int _streams;

    internal TaskCompletionSource News { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal StatusCode? Fails { get; set; }

    internal bool Hangs { get; set; }

    internal int Streams => Volatile.Read(ref _streams);

    internal ConcurrentQueue<string> Connections { get; } = [];

    /// <inheritdoc />
    public override async Task<string> Ask(string request, ServerCallContext context)
    {
        Connections.Enqueue(context.GetHttpContext().Connection.Id);
        if (Hangs)
        {
            await News.Task;
        }

        return Fails is { } status ? throw new RpcException(new(status, "as told")) : request;
    }

    /// <inheritdoc />
    public override async Task<string> Send(IAsyncStreamReader<string> requests, ServerCallContext context)
    {
        Interlocked.Increment(ref _streams);
        var last = "";
        await foreach (var request in requests.ReadAllAsync())
        {
            last = request;
        }

        return last;
    }

    /// <inheritdoc />
    public override async Task Watch(string request, IServerStreamWriter<string> answers, ServerCallContext context)
    {
        Interlocked.Increment(ref _streams);
        await News.Task;
        await answers.WriteAsync("news");
    }

    /// <inheritdoc />
    public override async Task Talk(IAsyncStreamReader<string> requests, IServerStreamWriter<string> answers, ServerCallContext context)
    {
        Interlocked.Increment(ref _streams);
        await foreach (var request in requests.ReadAllAsync())
        {
            if (request == "news")
            {
                await answers.WriteAsync(request);
            }
        }
    }
}
